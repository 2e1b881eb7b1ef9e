#!/bin/bash
# The stand-in's entrypoint. It does what docs/explanation/server.md says the vendor's image does at its start, in the
# generation that the image names: A (spring 2026), B (summer) or C (autumn).
set -e
cd /app
generation=${STAND_IN_GENERATION:?}

main() {
  [ "$generation" = A ] || accept_both_spellings
  internal_keys
  [ "$generation" != C ] || require_trusted_proxy
  derived_settings
  # Only the literal words count; anything else means "run".
  [ "$STACK_SKIP_MIGRATIONS" = true ] || [ "$STACK_RUN_MIGRATIONS" = false ] || (cd apps/backend && node dist/db-migrations.mjs migrate)
  [ "$STACK_SKIP_SEED_SCRIPT" = true ] || [ "$STACK_RUN_SEED_SCRIPT" = false ] || (cd apps/backend && node dist/db-migrations.mjs seed)
  case $STAND_IN_FAULT in slow-start:*) sleep "${STAND_IN_FAULT#*:}" ;; esac
  work=${STACK_RUNTIME_WORK_DIR:-/var/tmp/stack-runtime}
  mkdir -p "$work"
  if [ "$generation" = C ]; then prepare_by_fingerprint; else prepare_by_marker; fi
  serve
}

refuse() { echo "refusing to start: $*" >&2; exit 1; }

accept_both_spellings() {
  local name twin
  for name in $(compgen -e); do
    case $name in
      HEXCLAVE_*) twin=STACK_${name#HEXCLAVE_} ;;
      NEXT_PUBLIC_HEXCLAVE_*) twin=NEXT_PUBLIC_STACK_${name#NEXT_PUBLIC_HEXCLAVE_} ;;
      *) continue ;;
    esac
    [ -n "${!name}" ] || continue
    if [ "$generation" = C ] && [ -n "${!twin}" ] && [ "${!twin}" != "${!name}" ]; then refuse "$name and $twin differ"; fi
    [ -n "${!twin}" ] || export "$twin=${!name}"
  done
}

internal_keys() {
  local key seed plain value
  for key in PUBLISHABLE_CLIENT SECRET_SERVER SUPER_SECRET_ADMIN; do
    seed=STACK_SEED_INTERNAL_PROJECT_${key}_KEY
    plain=STACK_INTERNAL_PROJECT_${key}_KEY
    [ $key != SUPER_SECRET_ADMIN ] || plain=$seed   # this one has only the first spelling
    case $generation in
      A) value=${!seed} ;;
      B) value=${!plain} ;;                         # the guide's spelling is read by nothing in this generation
      C)
        [ -z "${!seed}" ] || [ -z "${!plain}" ] || [ "${!seed}" = "${!plain}" ] || refuse "$seed and $plain differ"
        value=${!plain:-${!seed}}
        [ -n "$value" ] || value=$(printf %s "$key" | openssl dgst -sha256 -hmac "$STACK_SERVER_SECRET" -r | cut -c 1-64)
        ;;
    esac
    export "$seed=${value:-$(openssl rand -base64 32)}"
  done
}

require_trusted_proxy() {
  case $NEXT_PUBLIC_STACK_API_URL in https://*) ;; *) return 0 ;; esac
  [ -n "$STACK_TRUSTED_PROXY" ] || refuse "an https API URL needs HEXCLAVE_TRUSTED_PROXY"
}

derived_settings() {
  export NEXT_PUBLIC_STACK_PROJECT_ID=internal USE_INLINE_ENV_VARS=true
  export NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY=$STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY
  export STACK_SECRET_SERVER_KEY=$STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY
  export STACK_SUPER_SECRET_ADMIN_KEY=$STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY
  export NEXT_PUBLIC_STACK_PORT_PREFIX=${NEXT_PUBLIC_STACK_PORT_PREFIX:-81}
  export NEXT_PUBLIC_BROWSER_STACK_API_URL=$NEXT_PUBLIC_STACK_API_URL
  export NEXT_PUBLIC_BROWSER_STACK_DASHBOARD_URL=$NEXT_PUBLIC_STACK_DASHBOARD_URL
  export NEXT_PUBLIC_SERVER_STACK_API_URL=http://localhost:${NEXT_PUBLIC_STACK_PORT_PREFIX}02
  export NEXT_PUBLIC_SERVER_STACK_DASHBOARD_URL=http://localhost:${NEXT_PUBLIC_STACK_PORT_PREFIX}01
  export BACKEND_PORT=${BACKEND_PORT:-${NEXT_PUBLIC_STACK_PORT_PREFIX}02}
  export DASHBOARD_PORT=${DASHBOARD_PORT:-${NEXT_PUBLIC_STACK_PORT_PREFIX}01}
}

# A and B copy first and look at the marker afterwards, so a work directory that outlives its container is served with
# its sentinels back in place.
prepare_by_marker() {
  cp -r /app/. "$work/"
  if [ ! -e "$work/.stack-sentinels-replaced" ]; then substitute; fi
  touch "$work/.stack-sentinels-replaced"
}

prepare_by_fingerprint() {
  local fingerprint
  fingerprint=$(env | grep -E '^(NEXT_PUBLIC_|USE_INLINE_)' | sort | sha256sum)
  if [ "$(cat "$work/.stack-sentinels-replaced" 2> /dev/null)" = "$fingerprint" ]; then return; fi
  cp -r /app/. "$work/"
  substitute
  echo "$fingerprint" > "$work/.stack-sentinels-replaced"
}

substitute() {
  local sentinel name value
  while read -r sentinel; do
    name=${sentinel#STACK_ENV_VAR_SENTINEL_}
    [ -n "${!name}" ] || continue
    value=$(printf %s "${!name}" | sed 's/[\\&|]/\\&/g')
    find "$work/apps" -type f -exec sed -i "s|$sentinel\\b|$value|g" {} +
  done < <(grep -rhoE 'STACK_ENV_VAR_SENTINEL_[A-Z_]+' "$work/apps" | sort -u)
}

serve() {
  (cd "$work/apps/backend" && HOSTNAME=0.0.0.0 PORT=$BACKEND_PORT exec node dist/server.mjs) &
  api=$!
  (cd "$work/apps/dashboard" && HOSTNAME=0.0.0.0 PORT=$DASHBOARD_PORT exec node server.mjs) &
  dashboard=$!
  # Process 1 ignores a signal that it has not trapped: A and B hear no SIGTERM at all.
  if [ "$generation" = C ]; then trap forward TERM INT; fi
  status=0
  wait -n || status=$?
  while [ -n "$stopping" ] && [ -n "$(jobs -rp)" ]; do wait || true; done
  if [ -n "$stopping" ]; then exit 0; fi
  exit "$status"   # the first of the two to end takes the container with it
}

# shellcheck disable=SC2317  # the trap calls it
forward() {
  local signal=TERM
  [ -z "$stopping" ] || signal=KILL
  stopping=yes
  kill "-$signal" "$api" "$dashboard" 2> /dev/null || true
}

main

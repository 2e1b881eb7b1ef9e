#!/usr/bin/env bash
# npm run test:server: shows what the manifests promise with a real image of the server, and measures it.
#   HEXCLAVE_IMAGE=docker.io/stackauth/server:TAG KUBECONFIG=… npm run test:server    on a cluster of yours
#   npm run test:server                                                              on the bed, with an image made here
# HEXCLAVE_IMAGE_NEXT is the image of the upgrade. `-- --format json` prints the figures as JSON; other arguments go to
# vitest. Without an image nothing is run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

format=text arguments=()
while (($#)); do
  case $1 in
    --format) format=${2:?--format needs text or json}; shift 2 ;;
    --format=*) format=${1#*=}; shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done
case $format in text | json) ;; *) echo "error: --format is text or json, not $format" >&2; exit 1 ;; esac

if [ -n "${KUBECONFIG:-}" ]; then
  command -v "${HEXCLAVE_KUBECTL:-kubectl}" > /dev/null || { echo "error: kubectl is not in PATH" >&2; exit 1; }
  if [ -z "${HEXCLAVE_IMAGE:-}" ] && [ -z "${HEXCLAVE_BED:-}" ]; then
    echo "no image: not run. HEXCLAVE_IMAGE names the image that your cluster is to run, e.g. docker.io/stackauth/server:TAG"
    exit
  fi
else
  code=0
  HEXCLAVE_BED_IMAGES=$("$here/images/build.sh") || code=$?
  if [ "$code" = 3 ]; then
    echo "no image: not run. tests/server/README.md says where the suite looks for the content of an image"
    exit
  fi
  [ "$code" = 0 ] || exit "$code"
  export HEXCLAVE_BED_IMAGES
  # --owner: the bed ends with this process, however it ends; the trap only makes an ordinary end quicker.
  HEXCLAVE_BED=$("$here/../cluster/bed/up.sh" --owner $$)
  export HEXCLAVE_BED KUBECONFIG=$HEXCLAVE_BED/kubeconfig HEXCLAVE_KUBECTL=$HEXCLAVE_BED/kubectl
  trap 'kill -KILL "${tests:-}" 2> /dev/null || true; "$here/../cluster/bed/down.sh" "$HEXCLAVE_BED"; rm -f "$figures"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
fi
if [ -n "${HEXCLAVE_BED:-}" ]; then
  export HEXCLAVE_IMAGE=${HEXCLAVE_IMAGE:-docker.io/stackauth/server:real-1}
  if [ "$HEXCLAVE_IMAGE" = docker.io/stackauth/server:real-1 ]; then   # beside it are one with another migration, and one with a wrong one
    export HEXCLAVE_IMAGE_NEXT=${HEXCLAVE_IMAGE_NEXT:-docker.io/stackauth/server:real-2}
    export HEXCLAVE_IMAGE_BROKEN=${HEXCLAVE_IMAGE_BROKEN:-docker.io/stackauth/server:real-broken}
  fi
fi

figures=$(mktemp)
export HEXCLAVE_FIGURES=$figures
# A background job, for only those leave the traps free to run. It too goes with this process.
setpriv --pdeathsig KILL node node_modules/vitest/vitest.mjs run --config tests/server/vitest.config.ts "${arguments[@]}" \
  "$([ "$format" = json ] && echo --reporter=dot || echo --reporter=verbose)" >&2 &
tests=$!
code=0
wait "$tests" || code=$?
node "$here/table.mjs" "$format" < "$figures"
exit "$code"

#!/usr/bin/env bash
# npm run test:controllers [name…]: the suites of these controllers, or all, each on a bed of its own, so that none meets
# another's definitions and webhooks. What follows -- goes to vitest: npm run test:controllers -- argocd -- upgrade
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

names=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do names+=("$1"); shift; done
[ $# -eq 0 ] || shift
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd "$here" && printf '%s\n' */build.sh | xargs -n 1 dirname)

# Two at a time: linking keeps one core, and the next recipe's packages compile beside it.
printf '%s\n' "${names[@]}" | xargs -P 2 -I {} bash "$here/build.sh" {} > /dev/null

"$here/../tools/install.sh" > /dev/null   # sops and age

tests=
# A bed ends with this process, however that ends; the trap only makes an ordinary end quicker.
trap 'kill -KILL ${tests:-} 2> /dev/null || true; [ -z "${HEXCLAVE_BED:-}" ] || tests/cluster/bed/down.sh "$HEXCLAVE_BED"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
failed=()
for name in "${names[@]}"; do
  printf '\n-- %s\n' "$name"
  HEXCLAVE_BED=$(tests/cluster/bed/up.sh --owner $$)
  export HEXCLAVE_BED KUBECONFIG=$HEXCLAVE_BED/kubeconfig HEXCLAVE_KUBECTL=$HEXCLAVE_BED/kubectl
  # A background job, for only those leave the traps free to run. It too goes with this process.
  setpriv --pdeathsig KILL node node_modules/vitest/vitest.mjs run --config vitest.controllers.config.ts --project "$name" "$@" &
  tests=$!
  wait "$tests" || failed+=("$name")
  tests=
  tests/cluster/bed/down.sh "$HEXCLAVE_BED"
  HEXCLAVE_BED=
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }

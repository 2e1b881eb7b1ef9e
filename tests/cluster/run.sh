#!/usr/bin/env bash
# npm run test:cluster: the cluster tests on a bed that lives as long as this run, or, with KUBECONFIG set, on the cluster
# that it names. Arguments go to vitest, e.g. the name of a test file.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

if [ -n "${KUBECONFIG:-}" ]; then
  command -v kubectl > /dev/null || { echo "error: kubectl is not in PATH" >&2; exit 1; }
  echo "Using the cluster of KUBECONFIG. Its nodes need the test images:
  docker load -i FOLDER/images.tar  (kind: kind load image-archive FOLDER/images.tar; k3d: k3d image import FOLDER/images.tar)
where FOLDER is what tests/cluster/images/build.sh prints." >&2
else
  # --owner: the bed ends with this process, however it ends; the trap only makes an ordinary end quicker.
  HEXCLAVE_BED=$("$here/bed/up.sh" --owner $$)
  export HEXCLAVE_BED KUBECONFIG=$HEXCLAVE_BED/kubeconfig HEXCLAVE_KUBECTL=$HEXCLAVE_BED/kubectl
  trap 'kill -KILL "${tests:-}" 2> /dev/null || true; "$here/bed/down.sh" "$HEXCLAVE_BED"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
fi
# A background job, for only those leave the traps free to run. It too goes with this process.
setpriv --pdeathsig KILL node node_modules/vitest/vitest.mjs run --config vitest.cluster.config.ts "$@" &
tests=$!
wait "$tests"

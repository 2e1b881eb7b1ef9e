#!/usr/bin/env bash
# The one process outside the cluster's namespaces that owns it: starts it, forwards its API to a loopback port, and
# takes everything away when it is told to, when the owner is gone or when the cluster has died.
# A SIGKILL of this process ends the cluster too (parent-death signals); up.sh and down.sh then clear what is left.
set -euo pipefail
state=$1 programs=$2 images=$3
bed=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$bed/lib.sh"
echo $$ > "$state/supervisor"
ln -s "$programs/kubectl" "$state/kubectl"   # both for whoever uses the cluster
ln -s "$images" "$state/images"
ended=
trap 'ended=told; exit' TERM INT HUP
trap take_away EXIT

take_away() {
  set +e
  trap '' TERM INT HUP
  [ -e "$state/ready" ] || tail -n 15 "$state"/log/*.log > "${state}/failed.log" 2>&1
  # The namespaces' init goes with its parent, and with init every process, mount, interface and rule inside.
  [ -z "${forwarder:-}" ] || kill -KILL "$forwarder"
  [ -z "${cluster:-}" ] || kill -KILL "$cluster"
  wait
  # Start-up failures stay readable for up.sh, which removes the folder itself.
  if [ -e "$state/ready" ] || [ -n "$ended" ]; then remove_remains "$state"; fi
}

owner_gone() { local owner; owner=$(cat "$state/owner") && [ -n "$owner" ] && ! running "$owner"; }
check() {
  if owner_gone; then ended=orphaned; exit; fi
  if ! running "$cluster" || ! running "$forwarder"; then echo "the cluster's init or the forwarder has ended"; exit 1; fi
}

setpriv --pdeathsig KILL unshare --fork --kill-child=SIGKILL --pid --mount --mount-proc --net --uts --ipc \
  "$bed/node.sh" "$state" "$programs" "$images" > "$state/log/node.log" 2>&1 < /dev/null &
cluster=$!
init=
until [ -n "$init" ]; do
  running "$cluster" || exit 1
  read -r init < "/proc/$cluster/task/$cluster/children" || sleep 0.05   # its only child
done
echo "$init" > "$state/init"   # for nsenter

setpriv --pdeathsig KILL python3 "$bed/forward.py" "$init" 6443 "$state/port" > "$state/log/forward.log" 2>&1 < /dev/null &
forwarder=$!
until [ -e "$state/ready" ]; do check; sleep 0.1; done
while :; do check; sleep 0.5; done

#!/usr/bin/env bash
# Starts a one-node Kubernetes of its own and prints the folder of its state, which holds `kubeconfig`. Stop it with
# down.sh. With --owner PID the bed ends by itself as soon as that process is gone, however it went.
set -euo pipefail
bed=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$bed/lib.sh"

owner=
[ "${1:-}" != --owner ] || owner=${2:?--owner needs a process id}
[ "$(id -u)" = 0 ] || die "the bed needs root: it makes namespaces, mounts and control groups"
[ -d /sys/fs/cgroup/memory ] || die "the bed knows cgroup v1 (also hybrid) only; here, point KUBECONFIG at a kind or k3d cluster"
require bc conntrack containerd ctr ip ipset iptables jq nsenter openssl python3 runc setpriv unshare
[ -x /usr/lib/cni/bridge ] || die "missing: /usr/lib/cni/bridge (Debian package containernetworking-plugins)"

programs=$("$bed/build.sh")
images=$("$bed/../images/build.sh")
for remains in "$beds".*; do   # of beds whose supervisor was killed outright
  [ -e "$remains/supervisor" ] || continue
  running "$(cat "$remains/supervisor")" || remove_remains "$remains"
done

state=$(mktemp -d "$beds.XXXXXX")
chmod 755 "$state"   # pods of any user read their volumes through it
mkdir "$state/log"
# Until the cluster is up this script owns it, so that killing this script leaves nothing half started.
echo $$ > "$state/owner"
setsid "$bed/supervise.sh" "$state" "$programs" "$images" > "$state/log/supervisor.log" 2>&1 < /dev/null &
supervisor=$!
trap 'kill "$supervisor" 2> /dev/null; wait "$supervisor" 2> /dev/null; exit 130' INT TERM

shown=0
until [ -e "$state/ready" ]; do
  if ! running "$supervisor"; then
    tail -n 60 "$state"/failed.log >&2 2> /dev/null || true
    remove_remains "$state"
    die "the cluster did not start"
  fi
  sleep 0.2
  while IFS= read -r line; do say "$line"; shown=$((shown + 1)); done < <(tail -n +$((shown + 1)) "$state/progress" 2> /dev/null)
done
echo "$owner" > "$state/owner"
say "cluster up"
echo "$state"

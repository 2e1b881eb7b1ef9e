#!/usr/bin/env bash
# Ends a bed: down.sh FOLDER, the state folder that up.sh has printed, or down.sh --all for every bed of this machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

case ${1:-} in
  --all) states=("$beds".*) ;;
  '') die "which bed? Give its state folder, or --all" ;;
  *) states=("$1") ;;
esac
for state in "${states[@]}"; do
  [ -e "$state/supervisor" ] || continue
  supervisor=$(cat "$state/supervisor")
  kill -TERM "$supervisor" 2> /dev/null || true
  for _ in $(seq 600); do running "$supervisor" || break; sleep 0.1; done   # it removes its folder itself
  remove_remains "$state"
  say "cluster down"
done

#!/usr/bin/env bash
# Ends one bed (its state folder as argument, or $HEXCLAVE_BED), or without either every bed of this machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

if [ -n "${1:-${HEXCLAVE_BED:-}}" ]; then states=("${1:-$HEXCLAVE_BED}"); else states=("$beds".*); fi
for state in "${states[@]}"; do
  [ -e "$state/supervisor" ] || continue
  supervisor=$(cat "$state/supervisor")
  kill -TERM "$supervisor" 2> /dev/null || true
  for _ in $(seq 200); do running "$supervisor" || break; sleep 0.1; done
  remove_remains "$state"
  say "cluster down"
done

#!/bin/bash
# Readiness of both servers of the pod, asked in one exec probe: the API together with its database, and a page of the
# dashboard, whose own /health stays green when every page is broken. The image has no curl. What is printed here is
# shown by `kubectl describe pod`. The probe's timeoutSeconds has to be above the 4 seconds that each server gets.

[ -n "$BACKEND_PORT" ] || BACKEND_PORT=8102
[ -n "$DASHBOARD_PORT" ] || DASHBOARD_PORT=8101

# ask PORT PATH: prints the status code of the answer. Called by the shell that check() starts.
# shellcheck disable=SC2317
ask() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
  IFS=$' \r' read -r _ status _ <&3
  printf '%s' "$status"
  # Hanging up in the middle of a page would be logged as an error by the server, every few seconds.
  timeout 1 cat <&3 >/dev/null
}
export -f ask

# check NAME PORT PATH. The limit is on the whole shell: a server that is stuck lets `read` wait, and, once its queue
# of connections is full, the connecting too.
check() {
  local status code
  status=$(timeout 4 bash -c 'ask "$@"' ask "$2" "$3" 2>/dev/null)
  code=$?
  case "$status,$code" in
    [23][0-9][0-9],*) return 0 ;;
    ,124) printf 'not ready: %s gave no answer in 4 s (GET %s on port %s)\n' "$1" "$3" "$2" ;;
    ,*) printf 'not ready: %s is not listening or hung up (GET %s on port %s)\n' "$1" "$3" "$2" ;;
    *) printf 'not ready: %s answered %s (GET %s on port %s)\n' "$1" "$status" "$3" "$2" ;;
  esac
  return 1
}

check API "$BACKEND_PORT" '/health?db=1' &
api=$!
check dashboard "$DASHBOARD_PORT" / &
dashboard=$!

failed=0
wait "$api" || failed=1
wait "$dashboard" || failed=1
exit "$failed"

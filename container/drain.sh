#!/bin/bash
# preStop of the server container: lets the API finish the requests it has before the container ends.
#
# PID 1 is a bash that waits for its first child to end and ignores SIGTERM (images before August 2026). Only the API
# may get the signal: the idle dashboard would end at once, PID 1 with it, and the kernel would kill the API in the
# middle of its requests. When the API ends, so does PID 1.
#
# What comes after this script is the kubelet's SIGTERM to PID 1. Where PID 1 ignores it, the script is done once the API
# has the signal: the rest of the grace period is the API's. Where PID 1 has a handler (images since August 2026), which
# would end the dashboard too, the script waits, and ends with the container; that is told as a FailedPreStopHook.

[ -n "$DRAIN_DELAY_SECONDS" ] || DRAIN_DELAY_SECONDS=15
[ -n "$BACKEND_PORT" ] || BACKEND_PORT=8102

# The kubelet throws away what a preStop hook prints unless it fails, so the line goes to the container's log as well.
# In the background, for opening a pipe that has lost its reader never returns; a log of another user's is left alone.
report() {
  printf 'drain: %s\n' "$1"
  { printf 'drain: %s\n' "$1" >>/proc/1/fd/1; } >/dev/null 2>&1 &
}

# By environment: the servers overwrite their titles, and the image has no pgrep. A process that has ended, a zombie
# included, has no environment any more, so this also tells when the wait is over.
is_backend() {
  local entry
  while IFS= read -r -d '' entry; do
    [ "$entry" = "PORT=$BACKEND_PORT" ] && return 0
  done <"/proc/$1/environ"
  return 1
} 2>/dev/null

# Whether the process is the server itself and not one of its workers, which inherit its environment.
is_topmost() {
  local key value
  while read -r key value; do
    [ "$key" = PPid: ] && break
  done <"/proc/$1/status"
  [ "$value" = 1 ] || ! is_backend "$value"
} 2>/dev/null

# While the Service still sends new requests here, the API has to take them.
sleep "$DRAIN_DELAY_SECONDS"

cd /proc || exit 1
set --
for pid in [0-9]*; do
  [ "$pid" != 1 ] && [ "$pid" != "$BASHPID" ] && is_backend "$pid" && is_topmost "$pid" && set -- "$@" "$pid"
done

if [ "$#" = 0 ]; then
  report "no process has PORT=$BACKEND_PORT in its environment, so there is nothing to drain"
  exit 0
fi

# Whether SIGTERM, bit 15, is none of the signals that PID 1 catches.
ignores_sigterm() {
  local key value
  while read -r key value; do
    [ "$key" = SigCgt: ] && break
  done </proc/1/status
  [[ $key,$value =~ ^SigCgt:,[0-9a-f]+$ ]] && (((16#$value & 0x4000) == 0))
} 2>/dev/null

report "SIGTERM to the API (process $*), which ends when its requests are done"
for pid in "$@"; do
  kill -TERM "$pid" 2>/dev/null || ! is_backend "$pid" || {
    report "SIGTERM to process $pid failed"
    exit 1
  }
done
ignores_sigterm && exit 0
for pid in "$@"; do
  while is_backend "$pid"; do sleep 0.2; done
done

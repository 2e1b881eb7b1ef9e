#!/bin/sh
# One scheduled call to the server; the arguments are curl's. What is answered is the outcome, whatever it is. While nobody
# takes the connection, as during an installation or a restart of the only pod, it waits. Runs in the image of curl.

wait_seconds=300

waited=0
while :; do
  said=$(curl --stderr - --write-out '\n%{num_connects}' "$@")
  code=$?
  [ "$code" -ne 0 ] || exit 0
  if [ "$(printf '%s\n' "$said" | tail -n 1)" != 0 ] || [ "$waited" -ge "$wait_seconds" ]; then
    printf '%s\n' "$said" | sed '$d' >&2
    exit "$code"
  fi
  [ "$waited" -gt 0 ] || echo 'call: nobody answers yet, waiting for the server'
  sleep 5
  waited=$((waited + 5))
done

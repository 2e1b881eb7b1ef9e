#!/bin/bash
# As much of the official image's entrypoint as the manifests use: makes a database on an empty data folder from
# POSTGRES_USER, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, and POSTGRES_DB, then becomes the server. Runs as any user.
set -euo pipefail
umask 077

[ "${1:-postgres}" = postgres ] || exec "$@"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
mkdir -p "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  [ -n "${POSTGRES_PASSWORD:-}" ] || { echo "POSTGRES_PASSWORD is not set" >&2; exit 1; }
  initdb --pgdata "$PGDATA" --username "$user" --auth-local trust --auth-host scram-sha-256 --no-sync \
    --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD")
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ]; then
    pg_ctl --pgdata "$PGDATA" --wait --options "-c listen_addresses='' -c unix_socket_directories=/tmp" start
    psql --host /tmp --username "$user" --dbname postgres --set name="$database" <<< 'CREATE DATABASE :"name"'
    pg_ctl --pgdata "$PGDATA" --wait --mode fast stop
  fi
fi
exec postgres -c listen_addresses='*' "${@:2}"

#!/bin/bash
# ClickHouse's command: hashes the password for the configuration, then becomes the server.
#   bash -c "<this text>" clickhouse ARGUMENTS     the arguments are the server's
#
# The configuration takes the value of a variable as XML, so a password with < or & would break it, and it writes the
# merged result into the data directory. A hash has no such characters and is no password.

[ -n "$CLICKHOUSE_PASSWORD" ] || {
  printf 'clickhouse: CLICKHOUSE_PASSWORD is empty\n' >&2
  exit 1
}
read -r CLICKHOUSE_PASSWORD_SHA256 _ < <(printf %s "$CLICKHOUSE_PASSWORD" | sha256sum)
export CLICKHOUSE_PASSWORD_SHA256
unset CLICKHOUSE_PASSWORD
exec clickhouse-server "$@"

#!/bin/bash
# What backup and restore share: words, the database, the repository. Runs in PostgreSQL's image, beside restic.
# Without a brace behind a dollar, for Flux may replace what looks like that; hence sed and no arrays.
set -uo pipefail
export PATH="$WORK:$PATH" HOME="$WORK" TMPDIR="$WORK" RESTIC_CACHE_DIR="$WORK/cache" RESTIC_PROGRESS_FPS=0.02
if [ -s "$WORK/ca.crt" ]; then export SSL_CERT_FILE="$WORK/ca.crt"; fi

say() { printf 'backup: %s\n' "$*"; }
fail() {
  printf 'backup: %s\n' "$*" >&2
  exit 1
}

# bash is PID 1: it hands no signal on, and looks at its own only between two commands or while it waits.
trap 'trap "" TERM; kill 0; exit 143' TERM
run() {
  "$@" &
  wait "$!"
}

# What sed makes of a text; nothing where the pattern does not fit.
part() { printf '%s\n' "$1" | sed -nE "$2"; }

# Whatever is encoded in a part of a URL.
decoded() { printf '%b' "$(part "$1" 's/\\/\\\\/g; s/%/\\x/g; p')"; }

# The server's URL as variables of libpq, so that the password is in no argument. What only the server's driver knows is
# left out, for libpq refuses parameters that it does not know.
use_database() {
  local rest query authority login database name value
  case $1 in
    postgresql://* | postgres://*) rest=$(part "$1" 's|^[a-z]+://([^#]*).*|\1|p') ;;
    *) fail 'the URL of the database is not a postgresql:// URL' ;;
  esac
  query=$(part "$rest" 's/^[^?]*\?//p')
  rest=$(part "$rest" 's/^([^?]*).*/\1/p')
  database=$(part "$rest" 's|^[^/]*/(.*)|\1|p')
  authority=$(part "$rest" 's|^([^/]*).*|\1|p')
  login=$(part "$authority" 's/(.*)@[^@]*$/\1/p')
  authority=$(part "$authority" 's/^.*@//; p')
  PGUSER=$(decoded "$(part "$login" 's/^([^:]*).*/\1/p')")
  value=$(part "$login" 's/^[^:]*:(.+)/\1/p')
  if [ -n "$value" ]; then PGPASSWORD=$(decoded "$value") && export PGPASSWORD; fi
  PGHOST=$(decoded "$(part "$authority" 's/:[0-9]*$//; s/^\[(.*)\]$/\1/; p')")
  PGPORT=$(part "$authority" 's/.*:([0-9]+)$/\1/p')
  PGDATABASE=$(decoded "$database")
  SCHEMA=public
  while IFS='=' read -r name value; do
    value=$(decoded "$value")
    case $name in
      host) PGHOST=$value ;;
      port) PGPORT=$value ;;
      user) PGUSER=$value ;;
      password) export PGPASSWORD="$value" ;;
      dbname) PGDATABASE=$value ;;
      schema) SCHEMA=$value ;;
      ssl) if [ "$value" = true ]; then export PGSSLMODE=require; fi ;;
      # The driver's own word for encryption without a check; with a certificate authority libpq would check all the same.
      sslmode) if [ "$value" = no-verify ]; then export PGSSLMODE=require PGSSLROOTCERT=/nonexistent; else export PGSSLMODE="$value"; fi ;;
      sslrootcert) export PGSSLROOTCERT="$value" ;;
      sslcert) export PGSSLCERT="$value" ;;
      sslkey) export PGSSLKEY="$value" ;;
      connect_timeout) export PGCONNECT_TIMEOUT="$value" ;;
      options) export PGOPTIONS="$value" ;;
    esac
  done < <(printf '%s\n' "$query" | tr '&' '\n')
  if [ -z "$PGPORT" ]; then PGPORT=5432; fi
  if [ -z "$PGDATABASE" ]; then PGDATABASE=$PGUSER; fi
  export PGHOST PGPORT PGUSER PGDATABASE PGAPPNAME=hexclave-backup
}

# Runs SQL from standard input; its rows are plain text.
sql() { psql --no-psqlrc --no-password --tuples-only --no-align --quiet --set=ON_ERROR_STOP=1 --set=schema="$SCHEMA"; }

# A database that is starting is waited for; one that refuses says so at once.
wait_for_database() {
  local deadline=$((SECONDS + WAIT_SECONDS)) said='' reason
  until reason=$(sql <<< 'SELECT 1' 2>&1 > /dev/null); do
    reason=$(printf '%s' "$reason" | tr '\n' ' ' | sed -E 's/^psql: (error: )?//')
    case $reason in
      *'password authentication failed'* | *'no pg_hba.conf entry'* | *'does not exist'*) fail "the database refuses the login: $reason" ;;
    esac
    if [ "$SECONDS" -ge "$deadline" ]; then fail "the database does not answer: $reason"; fi
    if [ "$reason" != "$said" ]; then say "waiting for the database ($reason)"; fi
    said=$reason
    sleep 2
  done
}

# Whether the repository is there and opens. restic itself repeats for a quarter of an hour, which is for a store that falls
# away in the middle, and not for a wrong address.
reach() {
  local said code reason
  said=$(timeout "$REACH_SECONDS" restic cat config 2>&1 > /dev/null)
  code=$?
  case $code in
    0 | 10) return "$code" ;;
    11) fail "another run holds the repository $RESTIC_REPOSITORY" ;;
    12) fail "BACKUP_PASSWORD does not open the repository $RESTIC_REPOSITORY, which was made with another one" ;;
    124) reason="no answer in $REACH_SECONDS s, last: $(printf '%s\n' "$said" | sed -n 's/.*retrying after [^:]*: //p' | tail -n 1)" ;;
    *) reason=$(printf '%s\n' "$said" | grep -v '^Is there\|^s3:' | tail -n 1) ;;
  esac
  fail "the repository $RESTIC_REPOSITORY cannot be reached ($reason)"
}

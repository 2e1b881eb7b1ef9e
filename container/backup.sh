#!/bin/bash
# Takes a backup of the database: pg_dump into restic, which encrypts and stores it.
#   bash -c "<backup-common.sh and this text, in one>"
# restic writes the snapshot last of all and only if pg_dump ended well: whatever goes wrong before leaves none behind.

# Counted with the backup, so that a restore can be told from half of one.
counted='SchemaMigration Project Tenancy ProjectUser ContactChannel AuthMethod Team ApiKeySet ApiKey TrustedDomain'

main() {
  use_database "$DATABASE_URL"
  wait_for_database
  if [ "$KIND" = before-migration ]; then leave_unless_pending; fi
  open_repository
  begin_session
  ledger=$(answer "SELECT coalesce(max(\"migrationName\"), 'none') FROM :\"schema\".\"SchemaMigration\" WHERE \"finishedAt\" IS NOT NULL") || exit 1
  server=$(answer 'SHOW server_version_num') || exit 1
  bytes=$(answer 'SELECT pg_database_size(current_database())') || exit 1
  counts=$(answer "$rows") || exit 1
  if [ "$KIND" = before-migration ]; then leave_if_there; fi
  tags="hexclave,kind=$KIND,release=$RELEASE_ID,image=$IMAGE_TAG,ledger=$ledger,server=$server,bytes=$bytes,rows=$counts"
  say "begins: $tags"
  began=$SECONDS
  run restic backup --quiet --host "$ENVIRONMENT" --tag "$tags" --retry-lock 2m --stdin-from-command --stdin-filename hexclave.dump -- \
    pg_dump --format=custom --compress=0 --no-password --snapshot="$snapshot" --exclude-table-data='*."_HexclaveMigrator"' \
    || fail 'no backup was made, and none is left half-made; why is said above'
  say "done in $((SECONDS - began)) s"
  remove_old
}

# With a ledger that is not there yet, nothing was ever migrated.
leave_unless_pending() {
  local pending
  pending=$(compare | sql) || fail 'the migrations of the image could not be compared with those of the database'
  case $pending in
    none) say 'nothing was ever migrated here, so there is nothing to back up' ;;
    0) say 'nothing to migrate, so no backup is taken' ;;
    *) say "$pending pending migrations: a backup first" && return ;;
  esac
  exit 0
}

# How many migrations of the image the database does not have.
compare() {
  printf "\\\\set names '%s'\n" "$(paste -sd, "$WORK/migrations")"
  cat << 'SQL'
SELECT to_regclass(format('%I."SchemaMigration"', :'schema')) IS NULL AS empty \gset
\if :empty
SELECT 'none';
\else
SELECT count(*) FROM unnest(string_to_array(:'names', ',')) AS name WHERE NOT EXISTS
  (SELECT FROM :"schema"."SchemaMigration" AS done WHERE done."migrationName" = name AND done."finishedAt" IS NOT NULL);
\endif
SQL
}

# An attempt that follows one whose migration failed finds the database as it was backed up.
leave_if_there() {
  local found
  found=$(restic snapshots --json --host "$ENVIRONMENT" --tag "kind=$KIND,release=$RELEASE_ID,ledger=$ledger") || fail 'the repository cannot be read'
  if [ "$found" = '[]' ]; then return; fi
  say 'this release has its backup from an earlier attempt, and nothing was migrated since'
  exit 0
}

open_repository() {
  reach
  if [ "$?" = 10 ]; then
    say "there is no repository at $RESTIC_REPOSITORY yet: making one"
    timeout 300 restic init > /dev/null || fail "the repository $RESTIC_REPOSITORY cannot be made"
  fi
  # Of runs that were killed, not of those that go on.
  restic unlock > /dev/null 2>&1
}

# A session with the database that stays open, so that pg_dump sees the same moment as what is counted.
begin_session() {
  local known
  rm -f "$WORK/ask" "$WORK/say"
  mkfifo "$WORK/ask" "$WORK/say"
  sql < "$WORK/ask" > "$WORK/say" 2>&1 &
  exec 3> "$WORK/ask" 4< "$WORK/say"
  echo 'SET client_min_messages = error; SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;' >&3
  known=$(answer "SELECT to_regclass(format('%I.\"SchemaMigration\"', :'schema')) IS NOT NULL") || exit 1
  if [ "$known" != t ]; then fail "the database has no ledger of migrations in the schema $SCHEMA: is it the server's?"; fi
  snapshot=$(answer 'SELECT pg_export_snapshot()') || exit 1
}

# The one line that a statement answers there.
answer() {
  local line
  printf '%s;\n' "$1" >&3
  IFS= read -r -t 3600 -u 4 line || line='ERROR: the session ended'
  case $line in
    *ERROR:* | *FATAL:*)
      fail "the database cannot be read: $(part "$line" 's/.*(ERROR|FATAL): *//p')" ;;
  esac
  printf '%s' "$line"
}

# Name:count of those of the tables that there are.
rows="SELECT coalesce(string_agg(relname || ':' || substring(query_to_xml(format('SELECT count(*) AS n FROM %I.%I', :'schema', relname), false, true, '')::text FROM '<n>([0-9]+)'), ';' ORDER BY relname), '')
  FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(quote_ident(:'schema')) AND relname = ANY (string_to_array('$counted', ' '))"

# Each kind by a rule of its own: a backup of before a migration is not to go because a scheduled one is newer.
remove_old() {
  if [ "$KIND" = scheduled ]; then
    set -- --keep-daily "$KEEP_DAILY" --keep-weekly "$KEEP_WEEKLY" --keep-monthly "$KEEP_MONTHLY" --prune
  else
    set -- --keep-last "$KEEP_BEFORE_MIGRATION"
  fi
  run restic forget --host "$ENVIRONMENT" --tag "kind=$KIND" --group-by host --compact --retry-lock 2m "$@"
  case $? in
    0) ;;
    11) say 'a run that goes on, or was killed less than half an hour ago, holds the repository: old backups go with the next one' ;;
    *) fail 'the backup is made, but old ones could not be removed; why is said above' ;;
  esac
}

main

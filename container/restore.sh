#!/bin/bash
# Brings a backup back, into the database or, as a test of it, into one of its own that lives as long as this run.
#   bash -c "<backup-common.sh and this text, in one>"
# One transaction, which is committed only when what is there is what the backup counted: a restore that fails or is killed
# leaves everything as it was.

main() {
  reach || fail "there is no repository at $RESTIC_REPOSITORY"
  choose_backup
  if [ "$KIND" = test ]; then
    check_repository
    start_scratch
  else
    use_database "$DATABASE_URL"
    refuse_newer
    wait_for_database
    refuse_company
    refuse_data
  fi
  began=$SECONDS
  say "restores $id of $time: image $(tag image), ledger $(tag ledger), $(tag bytes) bytes, rows $(tag rows)"
  run restore || fail 'nothing was restored, and the database is as it was; why is said above'
  echo 'ANALYZE' | sql || say 'warning: ANALYZE failed; the first queries may be slow'
  say "restored and counted in $((SECONDS - began)) s"
}

choose_backup() {
  if [ "$BACKUP" = latest ]; then set -- --latest 1 --host "$ENVIRONMENT"; else set -- "$BACKUP"; fi
  found=$(restic snapshots --json --tag hexclave "$@") || fail "there is no backup $BACKUP in $RESTIC_REPOSITORY"
  id=$(part "$found" 's/.*"short_id":"([^"]*)".*/\1/p')
  time=$(part "$found" 's/.*"time":"([^".]*).*/\1/p')
  if [ -z "$id" ]; then fail "there is no backup $BACKUP of $ENVIRONMENT in $RESTIC_REPOSITORY"; fi
}

# What the backup says of itself.
tag() { part "$found" "s/.*\"$1=([^\"]*)\".*/\1/p"; }

# An older server on newer tables would break what it writes; a newer one brings its migrations.
refuse_newer() {
  local ledger
  ledger=$(tag ledger)
  if [ "$ledger" = none ] || grep -qxF "$ledger" "$WORK/migrations"; then return; fi
  fail "the backup is of a newer release: it has the migration $ledger, which the image $IMAGE_TAG does not know; restore it with image.tag $(tag image) or newer"
}

# Whoever is connected would read half of one thing and write into the other.
refuse_company() {
  local deadline=$((SECONDS + WAIT_SECONDS)) company said=''
  while true; do
    company=$(sql << 'SQL'
SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), usename), ', ') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
SQL
    ) || fail 'the sessions of the database cannot be listed'
    if [ -z "$company" ]; then return; fi
    if [ "$company" != "$said" ]; then say "waiting for others to leave the database: $company"; fi
    said=$company
    if [ "$SECONDS" -ge "$deadline" ]; then fail "others are connected to the database ($company): stop the server first, and whatever else writes"; fi
    sleep 2
  done
}

refuse_data() {
  local tables
  tables=$(sql << 'SQL'
SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e');
SQL
  ) || fail 'the tables of the database cannot be listed'
  if [ "$tables" = 0 ]; then return; fi
  if [ "$REPLACE" = "$ENVIRONMENT" ]; then say "removes $tables tables and views that are there" && return; fi
  fail "the database $PGDATABASE is not empty: it has $tables tables and views; to lose them, say --replace $ENVIRONMENT"
}

restore() {
  stream | sql > /dev/null
}

# Without its last line nothing of it counts. Clients since 17 set what older servers do not know.
stream() {
  echo 'SET client_min_messages = warning; BEGIN;'
  if [ "$KIND" != test ]; then empty; fi
  restic dump "$id" hexclave.dump | pg_restore --file=- --no-owner --no-privileges --no-comments \
    | sed '1,/^COPY /{/^SET transaction_timeout = 0;$/d}' || exit 1
  verify
  echo 'COMMIT;'
}

# Everything but extensions and what is theirs, which only their owner may drop. In an empty database it finds nothing.
empty() {
  cat << 'SQL'
DO $empty$
DECLARE statement text;
BEGIN
  FOR statement IN
    SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace AS n
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_namespace'::regclass AND objid = n.oid AND deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
  FOR statement IN
    SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
      WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, relname) FROM pg_class AS c
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
  FOR statement IN
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc AS p
    WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
  FOR statement IN
    SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', typname) FROM pg_type AS t
    WHERE typtype IN ('e', 'd', 'r') AND typnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
END $empty$;
SQL
}

# The counts that were taken in the same moment as the backup.
verify() {
  local name count
  tag rows | tr ';' '\n' | while IFS=: read -r name count; do
    if [ -z "$name" ]; then continue; fi
    cat << SQL
DO \$verify\$
DECLARE found bigint;
BEGIN
  SELECT count(*) INTO found FROM "$SCHEMA"."$name";
  IF found <> $count THEN RAISE EXCEPTION 'the table $name has % rows after the restore, and the backup counted $count', found; END IF;
END \$verify\$;
SQL
  done
}

check_repository() {
  say "checks the repository $RESTIC_REPOSITORY"
  run restic check --quiet --retry-lock 10m || fail 'the repository is damaged or cannot be read; why is said above'
}

# A server of its own in this pod: it needs no right on the real one and is no load to it.
start_scratch() {
  SCHEMA=public
  mkdir -p "$WORK/socket"
  initdb --pgdata="$WORK/data" --username=hexclave --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > "$WORK/log" 2>&1 \
    || fail "a scratch database cannot be made: $(tail -n 1 "$WORK/log")"
  pg_ctl start --pgdata="$WORK/data" --wait --silent --log="$WORK/log" \
    --options="-c listen_addresses='' -c unix_socket_directories='$WORK/socket' -c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0" \
    || fail "the scratch database does not start: $(tail -n 1 "$WORK/log")"
  export PGHOST="$WORK/socket" PGPORT=5432 PGUSER=hexclave PGDATABASE=hexclave
  createdb --no-password hexclave || fail 'the scratch database cannot be made'
}

main

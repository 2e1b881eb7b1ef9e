#!/bin/bash
# The bundled PostgreSQL's command: makes the database on an empty volume, then becomes the server.
#   bash -c "<this text>" postgres ARGUMENTS     the arguments are the server's
#
# Not the image's own entrypoint. That one makes the data directory in place, so a pod that is killed meanwhile leaves a
# half-made one for good; it takes the collation from the image's locale, whose order of letters changes between releases
# of the C library and breaks indexes; and an empty directory of another major is an empty database to it.

say() { printf 'postgres: %s\n' "$@" >&2; }
fail() {
  say "$@"
  exit 1
}

umask 077
version=$(postgres --version) || fail 'the image has no postgres in its PATH'
# "postgres (PostgreSQL) 17.10 (Debian 17.10-1.pgdg13+1)"
IFS=' .' read -r _ _ major _ <<<"$version"
[ "$major" = "$POSTGRES_MAJOR" ] || fail \
  "the image is PostgreSQL $major, and environment.yaml says $POSTGRES_MAJOR under stores.postgres.version" \
  'give images.postgres an image of that version, or none'

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  for other in "$POSTGRES_VOLUME"/*/docker/PG_VERSION "$POSTGRES_VOLUME"/data/PG_VERSION; do
    [ -s "$other" ] || continue
    read -r old <"$other"
    fail "the volume holds a database of PostgreSQL $old, which PostgreSQL $major cannot read; nothing was changed" \
      "write stores.postgres.version: $old again and apply; then dump the database, delete its volume and restore it:" \
      'docs/how-to/databases.md, "Another major version"'
  done
  say "making a database in $PGDATA"
  # Aside and then renamed: what stands under its final name is complete.
  new=$PGDATA.new
  rm -rf "$new"
  mkdir -p "$new" || fail "cannot write to the volume $POSTGRES_VOLUME"
  initdb --pgdata="$new" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums || fail 'initdb failed'
  postgres --single -D "$new" -c exit_on_error=on postgres <<<"CREATE DATABASE \"$POSTGRES_DB\"" >/dev/null ||
    fail "could not create the database $POSTGRES_DB"
  mv -T "$new" "$PGDATA" || fail "could not put the new database in place"
fi

# A volume that changes its owner, as one restored from a snapshot does, is opened to the group by the kubelet, and
# PostgreSQL refuses such a directory.
chmod 0700 "$PGDATA"
exec postgres "$@"

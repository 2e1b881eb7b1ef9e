#!/bin/bash
# Init container in the server's image: writes down which migrations it has, for the container behind it.
#   bash -c "<this text>" backup-migrations FILE
set -eu
shopt -s nullglob
cd "$BACKEND_DIR/prisma/migrations"
: > "$1"
# Folders only, for a lock file lies beside them.
for folder in */; do basename "$folder" >> "$1"; done
if [ ! -s "$1" ]; then
  echo "backup: there are no migrations in $PWD" >&2
  exit 1
fi

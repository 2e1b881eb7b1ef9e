#!/bin/sh
# The command of Svix: puts together the address of its database, then becomes the server. Every byte of the password is
# percent-encoded, so that none of them can mean something else in a URL.
set -eu

password=$(printf %s "$SVIX_DATABASE_PASSWORD" | od -An -v -t x1 | tr -d ' \n' | sed 's/../%&/g')
export SVIX_DB_DSN="postgresql://svix:$password@$DATABASE_ADDRESS/svix"
unset SVIX_DATABASE_PASSWORD
exec svix-server --run-migrations "$@"

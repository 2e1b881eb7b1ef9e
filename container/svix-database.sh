#!/bin/bash
# Makes the role and the database of Svix on the bundled PostgreSQL, in front of every start of Svix. Run again it only
# sets the role's password to what the Secret says. Runs in the image of PostgreSQL, whose psql is 15 or newer; who
# connects, and where to, is in libpq's own variables.
set -eu

waited=0
until pg_isready --quiet --timeout=5; do
  [ "$waited" -gt 0 ] || echo 'svix-database: waiting for PostgreSQL'
  [ "$waited" -lt 600 ] || { echo 'svix-database: gave up after 600 s' >&2; exit 1; }
  sleep 2
  waited=$((waited + 2))
done

# \getenv: a password in an argument could be read by every process of the node.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL'
\getenv password SVIX_DATABASE_PASSWORD
SET log_min_error_statement = 'panic';
SELECT 'CREATE ROLE svix' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'svix') \gexec
ALTER ROLE svix LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SELECT 'CREATE DATABASE svix OWNER svix' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'svix') \gexec
SQL
echo 'svix-database: ready'

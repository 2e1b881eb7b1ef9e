import { readFileSync } from 'node:fs';

/**
 * The files of `container/`, as text: they are executed by the tests as they stand and inlined into the manifests, so a
 * revision keeps its own copy and a rollback brings the old one back.
 */
export const scripts = {
  start: script('start.sh'),
  drain: script('drain.sh'),
  ready: script('ready.sh'),
  release: script('release.mjs'),
  postgres: script('postgres.sh'),
  clickhouse: script('clickhouse.sh'),
  buckets: script('buckets.sh'),
  svixDatabase: script('svix-database.sh'),
  svix: script('svix.sh'),
};

/** Configuration files of the stores, mounted into their pods. */
export const configurations = {
  pgHba: script('postgres/pg_hba.conf'),
  pgUsers: script('postgres/passwd'),
  clickhouse: script('clickhouse/config.xml'),
  clickhouseUsers: script('clickhouse/users.xml'),
};

function script(name: string): string {
  return readFileSync(new URL(`../container/${name}`, import.meta.url), 'utf8');
}

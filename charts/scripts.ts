import { readFileSync } from 'node:fs';
import { oneModule, shellWithoutComments } from './inline';

/**
 * The programs of `container/`, as the manifests carry them: inlined, so a revision keeps its own copy and a rollback
 * brings the old one back.
 */
export const scripts = {
  start: shell('start.sh'),
  drain: shell('drain.sh'),
  ready: shell('ready.sh'),
  gate: oneModule('release-gate.mjs', file),
  migrate: oneModule('release-migrate.mjs', file),
  postgres: shell('postgres.sh'),
  clickhouse: shell('clickhouse.sh'),
  buckets: shell('buckets.sh'),
  call: shell('call.sh'),
  adminReset: oneModule('admin-reset.mjs', file),
  svixDatabase: shell('svix-database.sh'),
  svix: shell('svix.sh'),
  backupPrograms: shell('backup-programs.sh'),
  backupMigrations: shell('backup-migrations.sh'),
  backup: shell('backup-common.sh') + shell('backup.sh'),
  restore: shell('backup-common.sh') + shell('restore.sh'),
};

/** What `doctor --probe` runs in a server pod; no manifest carries it. */
export function probeProgram(): string {
  return oneModule('probe.mjs', file);
}

/** Configuration files of the stores, mounted into their pods. */
export const configurations = {
  pgHba: file('postgres/pg_hba.conf'),
  pgUsers: file('postgres/passwd'),
  backupUsers: file('backup/passwd'),
  clickhouse: file('clickhouse/config.xml'),
  clickhouseUsers: file('clickhouse/users.xml'),
};

function shell(name: string): string {
  return shellWithoutComments(file(name));
}

function file(name: string): string {
  return readFileSync(new URL(`../container/${name}`, import.meta.url), 'utf8');
}

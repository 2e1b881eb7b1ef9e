import type { Variable } from './variable';

/** What backups need to know that is secret. Variables of these manifests, in a Secret of their own. */
export const backup: readonly Variable[] = [
  {
    name: 'BACKUP_PASSWORD',
    group: 'backup',
    secret: true,
    kind: 'token',
    scope: 'backup',
    when: 'backup',
    doc: 'Encrypts the backups. Keep a copy outside of the cluster: without it no backup can be read.',
    without: 'No backup is made.',
  },
  {
    name: 'BACKUP_S3_ACCESS_KEY_ID',
    group: 'backup',
    secret: true,
    kind: 'name',
    scope: 'backup',
    when: 'backup.to.bucket',
    doc: 'Key of the bucket that backups go to; it reads, writes and deletes there.',
    without: 'The bucket refuses, unless pods.backup.serviceAccount names an identity of the cloud that it knows.',
  },
  {
    name: 'BACKUP_S3_SECRET_ACCESS_KEY',
    group: 'backup',
    secret: true,
    kind: 'token',
    scope: 'backup',
    when: 'backup.to.bucket',
    doc: 'Secret of that key.',
    without: 'The bucket refuses, unless pods.backup.serviceAccount names an identity of the cloud that it knows.',
  },
  {
    name: 'BACKUP_DATABASE_CONNECTION_STRING',
    group: 'backup',
    secret: true,
    kind: 'postgres-url',
    scope: 'backup',
    when: 'backup',
    doc: 'URL of the same database for a role that may read everything and change nothing, past a connection pooler.',
    without: 'Backups are taken with MIGRATION_DATABASE_CONNECTION_STRING, or else STACK_DATABASE_CONNECTION_STRING.',
  },
];

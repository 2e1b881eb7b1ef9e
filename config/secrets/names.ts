import { variable } from '../contract';
import type { Settings } from '../settings';

/** The Secret with the server's secret variables, unless it exists under a name of its own. */
export const SECRET_NAME = 'hexclave-secrets';

/** The direct database URL of the migration Job: a variable of these manifests, not of the server. */
export const MIGRATION_URL = 'MIGRATION_DATABASE_CONNECTION_STRING';

/** Its Secret. One of its own: server pods get their Secret whole, and the owner's password is not for them. */
export const MIGRATION_SECRET = 'hexclave-migration-database';

/** The read-only URL of backups: a variable of these manifests, too. */
export const BACKUP_URL = 'BACKUP_DATABASE_CONNECTION_STRING';

/** The Secret of the variables that only backups read. */
export const BACKUP_SECRET = 'hexclave-backup';

/**
 * The Secret with what a generator of External Secrets made up for a variable. One for each: the operator makes a Secret
 * as a whole, so a new value of one would be a new value of all that are in it.
 */
export function generatedSecretOf(variable: string): string {
  return `hexclave-generated-${variable.toLowerCase().replaceAll('_', '-')}`;
}

/** The Secret a variable is kept in where these manifests decide it. */
export function secretOf(name: string): string {
  const scope = variable(name)?.scope;
  return scope ? SECRETS[scope] : SECRET_NAME;
}

const SECRETS = { migration: MIGRATION_SECRET, backup: BACKUP_SECRET };

/** The namespace of an environment. */
export function namespaceOf(name: string, settings: Settings): string {
  return settings.namespace.name ?? defaultNamespace(name);
}

/** The namespace of an environment that names none. */
export function defaultNamespace(name: string): string {
  return `hexclave-${name}`;
}

export type Scope = Extract<Settings['secrets'], { mode: 'sealed-secrets' }>['scope'];

/**
 * What a sealed value is bound to: the controller opens it only where this is the same
 * (docs/explanation/kubernetes.md#sealed-secrets).
 */
export function sealingLabel(scope: Scope, namespace: string, secret: string): string {
  if (scope === 'cluster-wide') return '';
  return scope === 'namespace-wide' ? namespace : `${namespace}/${secret}`;
}

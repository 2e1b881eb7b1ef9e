import type { Store } from './store';

/** PostgreSQL in the namespace: what both its pods and its clients have to know. */
export const POSTGRES = { name: 'hexclave-postgres', port: 5432, user: 'hexclave', database: 'hexclave' } as const;

export const POSTGRES_EVALUATION = 'One PostgreSQL pod on one volume, without backups and without a standby.';

export const postgres: Store = ({ stores, backup }, secret) => {
  const setting = 'stores.postgres.mode';
  const { mode } = stores.postgres;
  if (mode === 'cloudnative-pg') {
    // The operator makes the owner's password and keeps the whole URL in this Secret
    // (docs/explanation/kubernetes.md#stores).
    const uri = { secret: `${POSTGRES.name}-app`, key: 'uri' };
    return { setting, variables: { STACK_DATABASE_CONNECTION_STRING: uri }, secrets: [] };
  }
  if (mode !== 'bundled') return undefined;
  const password = secret('POSTGRES_PASSWORD');
  return {
    setting,
    variables: { STACK_DATABASE_CONNECTION_STRING: password === undefined ? undefined : url(password) },
    secrets: ['POSTGRES_PASSWORD'],
    evaluation: backup ? 'One PostgreSQL pod on one volume, without a standby.' : POSTGRES_EVALUATION,
  };
};

/** encodeURIComponent leaves only characters alone that every URL parser takes for themselves. */
function url(password: string): string {
  const { name, port, user, database } = POSTGRES;
  return `postgresql://${user}:${encodeURIComponent(password)}@${name}:${port}/${database}`;
}

import type { Store } from './store';

/** ClickHouse in the namespace: what both its pod and its clients have to know. */
export const CLICKHOUSE = { name: 'hexclave-clickhouse', port: 8123, user: 'stackframe', database: 'default' } as const;

export const CLICKHOUSE_EVALUATION = 'One ClickHouse pod on one volume, without backups.';

/** The password is the server's own variable, so both sides read the same key of the same Secret. */
export const clickhouse: Store = ({ stores }) => {
  const { mode } = stores.clickhouse;
  if (mode === 'external') return undefined;
  const { name, port, user, database } = CLICKHOUSE;
  return {
    setting: 'stores.clickhouse.mode',
    variables: {
      STACK_CLICKHOUSE_URL: `http://${name}:${port}`,
      STACK_CLICKHOUSE_ADMIN_USER: user,
      STACK_CLICKHOUSE_DATABASE: database,
    },
    secrets: ['STACK_CLICKHOUSE_ADMIN_PASSWORD'],
    evaluation: mode === 'bundled' ? CLICKHOUSE_EVALUATION : undefined,
  };
};

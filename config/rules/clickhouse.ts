import type { Rule } from '../draft';
import { known, knownUrl, withVariable } from './read';

/** ClickHouse, which the vendor’s guide is partly wrong about (docs/explanation/server.md#clickhouse). */
export const clickhouse: readonly Rule[] = [
  {
    id: 'clickhouse-database',
    severity: 'warning',
    summary: 'A ClickHouse database other than default.',
    *check(draft) {
      const value = known(draft, 'STACK_CLICKHOUSE_DATABASE');
      if (value === undefined || value === 'default') return;
      yield withVariable(
        draft,
        'STACK_CLICKHOUSE_DATABASE',
        'warning',
        'Migrations make the views, policies and grants in the database default, whatever the vendor’s guide says; analytics queries look for them in this one and fail. It also has to exist already.',
        'Write default, or remove the variable.',
      );
    },
  },
  {
    id: 'clickhouse-credentials',
    severity: 'depends',
    summary: 'The ClickHouse URL carries user or password.',
    *check(draft) {
      const url = knownUrl(draft, 'STACK_CLICKHOUSE_URL');
      if (!url || (url.username === '' && url.password === '')) return;
      const committed = draft.values.get('STACK_CLICKHOUSE_URL')?.source !== 'secrets.env';
      yield withVariable(
        draft,
        'STACK_CLICKHOUSE_URL',
        committed ? 'error' : 'warning',
        committed
          ? 'The URL carries credentials, and this file goes into git.'
          : 'The URL carries credentials beside those in the variables for them.',
        'Move them to STACK_CLICKHOUSE_ADMIN_USER and STACK_CLICKHOUSE_ADMIN_PASSWORD.',
      );
    },
  },
  {
    id: 'clickhouse-native-port',
    severity: 'error',
    summary: 'The ClickHouse URL leads to the native protocol’s port.',
    *check(draft) {
      if (!['9000', '9440'].includes(knownUrl(draft, 'STACK_CLICKHOUSE_URL')?.port ?? '')) return;
      yield withVariable(
        draft,
        'STACK_CLICKHOUSE_URL',
        'error',
        'The port is that of ClickHouse’s native protocol, and the server speaks HTTP.',
        'Use the HTTP interface: port 8123, or 8443 with https.',
      );
    },
  },
];

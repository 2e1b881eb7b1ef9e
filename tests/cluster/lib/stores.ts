import pg from 'pg';
import { inject } from 'vitest';
import { madeUp } from '../../support/cases';
import { background } from './background';
import { apply } from './kubectl';
import { environment, hardened } from './pods';
import { condition } from './wait';

export interface LogEntry {
  kind: 'migrate' | 'seed' | 'init' | 'maintenance' | 'request';
  pod: string;
  startedAt: string;
  finishedAt: string | null;
  method: string | null;
  path: string | null;
  query: string | null;
  /** HTTP status; 0 or 1 for a run of the migrations' script. */
  status: number | null;
  bearerOk: boolean | null;
  userAgent: string | null;
}

export interface Stores {
  namespace: string;
  /** Makes an empty database. */
  createDatabase(name: string): Promise<void>;
  /** Rows of a query, as objects. */
  query<T>(database: string, sql: string): Promise<T[]>;
  /** Runs statements that return nothing. */
  execute(database: string, sql: string): Promise<void>;
  /** What the stand-in server wrote down in a database, oldest first. */
  log(database: string): Promise<LogEntry[]>;
  connectionString(database: string): string;
  clickhouse: { url: string; user: string; password: string };
}

const password = madeUp('PostgreSQL of the cluster tests', 32);
const clickhousePassword = madeUp('ClickHouse of the cluster tests', 32);

/** The stores that all test files share. */
export function sharedStores(): Stores {
  return connectedTo(inject('stores'));
}

/** PostgreSQL 17 and a stand-in for ClickHouse in a namespace, as a user's external stores. Ready on return. */
export async function startStores(namespace: string): Promise<Stores> {
  await apply(storeObjects(namespace));
  await condition(namespace, 'pod/postgres', 'Ready');
  await condition(namespace, 'pod/clickhouse', 'Ready');
  return connectedTo(namespace);
}

/** What `startStores` applies. */
export function storeObjects(namespace: string): object[] {
  return [
    service(namespace, 'postgres', 5432),
    pod(
      namespace,
      'postgres',
      'docker.io/library/postgres:17',
      999,
      { POSTGRES_PASSWORD: password, PGDATA: '/data/pgdata' },
      ['postgres', '-c', 'max_connections=300', '-c', 'fsync=off'],
      {
        exec: { command: ['pg_isready', '--host', '127.0.0.1', '--username', 'postgres'] },
      },
    ),
    service(namespace, 'clickhouse', 8123),
    pod(
      namespace,
      'clickhouse',
      'docker.io/clickhouse/clickhouse-server:25.10',
      101,
      { CLICKHOUSE_USER: 'stackframe', CLICKHOUSE_PASSWORD: clickhousePassword },
      undefined,
      {
        httpGet: { path: '/ping', port: 8123 },
      },
    ),
  ];
}

/** The stores that `startStores` has started in a namespace, also from another test file. */
export function connectedTo(namespace: string): Stores {
  const databases = new Map<string, pg.Pool>();
  let port: Promise<string> | undefined;
  const pool = async (database: string): Promise<pg.Pool> => {
    port ??= background(['port-forward', '-n', namespace, 'pod/postgres', ':5432'], /127\.0\.0\.1:(\d+)/);
    const connection = { host: '127.0.0.1', port: Number(await port), user: 'postgres', password, database };
    const made = databases.get(database) ?? new pg.Pool({ ...connection, max: 2 }).on('error', () => {});
    databases.set(database, made);
    return made;
  };
  const execute = async (database: string, sql: string): Promise<pg.QueryResult> => {
    try {
      return await (await pool(database)).query(sql);
    } catch (error) {
      // The pod may not be there yet, or be another one: the next call begins anew.
      port = undefined;
      databases.clear();
      throw error;
    }
  };
  const query = async <T>(database: string, sql: string): Promise<T[]> =>
    (await execute(database, `SELECT coalesce(json_agg(row), '[]') AS rows FROM (${sql}) AS row`)).rows[0].rows;
  return {
    namespace,
    query,
    async execute(database, sql) {
      await execute(database, sql);
    },
    async createDatabase(name) {
      await execute('postgres', `CREATE DATABASE "${name}"`);
    },
    async log(database) {
      const [table] = await query<{ there: boolean }>(
        database,
        `SELECT to_regclass('"_StandInLog"') IS NOT NULL AS there`,
      );
      return table?.there ? query<LogEntry>(database, 'SELECT * FROM "_StandInLog" ORDER BY id') : [];
    },
    connectionString: (database) =>
      `postgresql://postgres:${password}@postgres.${namespace}.svc.cluster.local:5432/${database}`,
    clickhouse: {
      url: `http://clickhouse.${namespace}.svc.cluster.local:8123`,
      user: 'stackframe',
      password: clickhousePassword,
    },
  };
}

function service(namespace: string, name: string, port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { store: name }, ports: [{ port }] },
  };
}

function pod(
  namespace: string,
  name: string,
  image: string,
  user: number,
  env: Record<string, string>,
  args: string[] | undefined,
  readinessProbe: object,
): object {
  const mounts = ['data', 'tmp', 'run'];
  const container = {
    name,
    image,
    ...(args && { args }),
    env: environment(env),
    securityContext: hardened.container,
    readinessProbe: { ...readinessProbe, periodSeconds: 1, failureThreshold: 60 },
    volumeMounts: mounts.map((mount) => ({
      name: mount,
      mountPath: mount === 'run' ? '/var/run/postgresql' : `/${mount}`,
    })),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { store: name } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 2,
      securityContext: hardened.pod(user),
      containers: [container],
      volumes: mounts.map((mount) => ({ name: mount, emptyDir: {} })),
    },
  };
}

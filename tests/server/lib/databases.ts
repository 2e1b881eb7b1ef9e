import { apply } from '../../cluster/lib/kubectl';
import { rolledOut } from '../../cluster/lib/wait';
import { bundledConfig, bundledSecrets, madeUp, synthesize } from '../../support/cases';
import { objectsOf } from '../../support/objects';
import { imageFields } from './subject';

/** PostgreSQL and ClickHouse that are none of the environment's, as variables of the server. */
export interface Databases {
  /** Whether they are somebody's, whom HEXCLAVE_DATABASE_URL and HEXCLAVE_CLICKHOUSE_URL name. */
  readonly given: boolean;
  readonly url: string;
  readonly config: Record<string, string>;
  readonly secrets: Record<string, string>;
  /** Returns when they answer. */
  start(): Promise<void>;
}

/** Those that the two variables name, or else the evaluation's in a namespace without its policies. */
export function databases(namespace: string, image: string): Databases {
  const { HEXCLAVE_DATABASE_URL: url, HEXCLAVE_CLICKHOUSE_URL: clickhouse } = process.env;
  if (!url !== !clickhouse) throw new Error('HEXCLAVE_DATABASE_URL and HEXCLAVE_CLICKHOUSE_URL go together');
  if (url && clickhouse) return { given: true, url, ...variables(url, clickhouse), start: async () => {} };

  const password = madeUp(`database in ${namespace}`, 32);
  const admin = madeUp(`ClickHouse in ${namespace}`, 32);
  const [host, own] = [`.${namespace}.svc.cluster.local`, `postgresql://hexclave:${password}@hexclave-postgres`];
  return {
    given: false,
    url: `${own}${host}:5432/hexclave`,
    ...variables(`${own}${host}:5432/hexclave`, `http://stackframe:${admin}@hexclave-clickhouse${host}:8123`),
    async start() {
      const yaml = {
        purpose: 'evaluation',
        namespace: { name: namespace },
        image: imageFields(image),
        stores: { postgres: { mode: 'bundled' }, clickhouse: { mode: 'bundled' } },
        edge: { type: 'none' },
      };
      const secrets = { ...bundledSecrets, POSTGRES_PASSWORD: password, STACK_CLICKHOUSE_ADMIN_PASSWORD: admin };
      const all = objectsOf(synthesize({ yaml: JSON.stringify(yaml), config: bundledConfig, secrets }));
      await apply(all.map(({ object }) => object).filter(isOfStore));
      for (const name of ['postgres', 'clickhouse']) await rolledOut(namespace, `statefulset/hexclave-${name}`, 300);
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: manifests of every kind
function isOfStore({ kind, metadata }: any): boolean {
  const component = metadata.labels?.['app.kubernetes.io/component'];
  if (component) return ['postgres', 'clickhouse'].includes(component) && kind !== 'NetworkPolicy';
  return ['ServiceAccount', 'ConfigMap', 'Secret'].includes(kind);
}

/** The password of ClickHouse stands in its address, as in a database's. */
function variables(url: string, clickhouse: string): Pick<Databases, 'config' | 'secrets'> {
  const address = new URL(clickhouse);
  const [user, password] = [address.username, address.password].map(decodeURIComponent) as [string, string];
  return {
    config: {
      STACK_CLICKHOUSE_URL: address.origin,
      STACK_CLICKHOUSE_DATABASE: 'default',
      STACK_CLICKHOUSE_ADMIN_USER: user,
    },
    secrets: { STACK_DATABASE_CONNECTION_STRING: url, STACK_CLICKHOUSE_ADMIN_PASSWORD: password },
  };
}

import { get } from '../../cluster/lib/kubectl';
import { bundledConfig, bundledSecrets, type Files } from '../../support/cases';

/** An environment whose databases are in the namespace, small enough for the bed. */
export function bundled(name: string): Files & { name: string } {
  const resources = {
    requests: { cpu: '20m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
    limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '4Gi' },
  };
  return {
    name,
    yaml: JSON.stringify({
      purpose: 'evaluation',
      namespace: { name },
      image: { tag: 'c-1' },
      replicas: 1,
      resources,
      stores: { postgres: { mode: 'bundled', resources }, clickhouse: { mode: 'bundled', resources } },
      edge: { tls: { external: true } },
      maintenance: { schedule: '0 0 1 1 *' },
    }),
    config: { ...bundledConfig, HEXCLAVE_TRUSTED_PROXY: 'generic', STAND_IN_TIME_SCALE: '0.01' },
    secrets: bundledSecrets,
  };
}

/** The claims of its databases. */
export const CLAIMS = ['data-hexclave-clickhouse-0', 'data-hexclave-postgres-0'];

/** The claims in a namespace, and whether somebody has begun to delete them. */
export async function claims(namespace: string): Promise<string[]> {
  const { items } = await get('persistentvolumeclaims', '-n', namespace);
  return items
    .map(
      ({ metadata }: { metadata: { name: string; deletionTimestamp?: string } }) =>
        metadata.name + (metadata.deletionTimestamp ? ' (being deleted)' : ''),
    )
    .sort();
}

/** What is left in a namespace besides pods and claims: `Kind/name`. */
export async function leftovers(namespace: string): Promise<string[]> {
  const kinds =
    'deployments,statefulsets,jobs,cronjobs,services,configmaps,secrets,networkpolicies,serviceaccounts,ingresses';
  const { items } = await get(kinds, '-n', namespace);
  return items
    .map(({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind}/${metadata.name}`)
    .sort();
}

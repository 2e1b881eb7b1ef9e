import type { Document } from '../../charts/documents';
import type { Environment } from '../../config/environment';
import { type Cluster, kubectl } from '../kubectl';
import { keyOf } from './states';

/** An object in the cluster that was made from manifests of this environment, and is in them no longer. */
export interface Left {
  readonly kind: string;
  readonly name: string;
  /** A Job of an earlier release: the record of what ran, kept on purpose. */
  readonly record: boolean;
}

export interface LeftBehind {
  readonly left: readonly Left[];
  /** What the user may not list, in words. */
  readonly unseen: readonly string[];
}

/**
 * Objects with the labels of this environment that no manifest has. Only names are asked for. What a controller has made of an
 * object carries its labels on: it has an owner, or is of a kind that nobody applies.
 */
export async function leftBehind(cluster: Cluster, env: Environment, wanted: readonly Document[]): Promise<LeftBehind> {
  const known = await kubectl(cluster, ['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);
  const resources = known.stdout.split('\n').filter(isApplied);
  const labels = `app.kubernetes.io/managed-by=cdk8s-hexclave,app.kubernetes.io/instance=${env.name}`;
  const args = ['get', resources.join(','), '-n', cluster.namespace, '-l', labels, '-o', `jsonpath=${LINES}`];
  const { stdout, stderr } = await kubectl(cluster, args);
  const held = new Set(wanted.map(keyOf));
  const produced = new Set(wanted.filter(({ kind }) => /^(Sealed|External)Secret$/.test(kind)).map(nameOf));
  const left = stdout.split('\n').flatMap((line) => {
    const [apiVersion, kind, name, owners, component] = line.split('\t') as [
      string,
      string?,
      string?,
      string?,
      string?,
    ];
    if (!kind || !name || owners) return [];
    if (held.has(keyOf({ apiVersion, kind, metadata: { namespace: cluster.namespace, name } }))) return [];
    if (kind === 'Secret' && produced.has(name)) return [];
    return [{ kind, name, record: kind === 'Job' && component === 'migration' }];
  });
  const unseen = [...stderr.matchAll(/cannot list resource "([^"]+)"/g)].map(([, resource]) => resource!);
  return { left, unseen: [...new Set(unseen)] };
}

function nameOf({ metadata }: Document): string {
  return metadata.name;
}

const LINES =
  '{range .items[*]}{.apiVersion}{"\\t"}{.kind}{"\\t"}{.metadata.name}{"\\t"}{.metadata.ownerReferences[*].kind}{"\\t"}{.metadata.labels.app\\.kubernetes\\.io/component}{"\\n"}{end}';

/** Of groups that charts/ emits objects of, and not what controllers make of them. */
function isApplied(resource: string): boolean {
  const [name, ...group] = resource.split('.');
  return name !== '' && GROUPS.has(group.join('.')) && !MADE.has(name!);
}

export const GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'barmancloud.cnpg.io',
  'batch',
  'bitnami.com',
  'cert-manager.io',
  'clickhouse.altinity.com',
  'cloud.google.com',
  'external-secrets.io',
  'gateway.envoyproxy.io',
  'gateway.networking.k8s.io',
  'monitoring.coreos.com',
  'networking.gke.io',
  'networking.k8s.io',
  'policy',
  'postgresql.cnpg.io',
  'rbac.authorization.k8s.io',
  'route.openshift.io',
  'traefik.io',
]);

const MADE = new Set([
  'pods',
  'podtemplates',
  'endpoints',
  'events',
  'limitranges',
  'resourcequotas',
  'replicationcontrollers',
  'replicasets',
  'controllerrevisions',
  'daemonsets',
  'certificaterequests',
  'persistentvolumeclaims',
]);

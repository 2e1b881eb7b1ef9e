import type { Document } from '../charts/documents';

/** Where the kinds of an API group come from. */
interface Origin {
  readonly name: string;
  /** It is a kind of cluster and nothing that can be installed. @default false */
  readonly platform?: boolean;
  /** The field of environment.yaml that asks for them. */
  readonly field: string;
}

/** By API group: the objects that the manifests hold because of a field. Those of `extra/` are of any group. */
export const origins: Readonly<Record<string, Origin>> = {
  'bitnami.com': { name: 'the controller of Sealed Secrets', field: 'secrets.mode' },
  'cert-manager.io': { name: 'cert-manager', field: 'edge.tls' },
  'clickhouse.altinity.com': { name: 'Altinity’s operator for ClickHouse', field: 'stores.clickhouse.mode' },
  'cloud.google.com': { name: 'GKE', platform: true, field: 'edge.preset' },
  'external-secrets.io': { name: 'the External Secrets Operator', field: 'secrets.mode' },
  'gateway.envoyproxy.io': { name: 'Envoy Gateway', field: 'edge.preset' },
  'gateway.networking.k8s.io': { name: 'the Gateway API and one of its controllers', field: 'edge.type' },
  'monitoring.coreos.com': { name: 'the Prometheus operator', field: 'monitoring.prometheus' },
  'networking.gke.io': { name: 'GKE', platform: true, field: 'edge.preset' },
  'postgresql.cnpg.io': { name: 'CloudNativePG', field: 'stores.postgres.mode' },
  'route.openshift.io': { name: 'OpenShift', platform: true, field: 'platform' },
  'traefik.io': { name: 'Traefik', field: 'edge.preset' },
};

/** What to do about a group that the cluster does not have. */
export function mendMissing(group: string): string {
  const origin = Object.hasOwn(origins, group) ? origins[group] : undefined;
  if (!origin) return `Install or upgrade the controller of ${group}, with its definitions.`;
  const { name, platform, field } = origin;
  return platform
    ? `Only ${name} has it: change ${field}, or name another --context.`
    : `Install or upgrade ${name}, with its definitions, or change ${field}.`;
}

/** `monitoring.coreos.com` of `monitoring.coreos.com/v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.split('/')[0]!;
}

/** Whether no controller has to bring the kind of this object. */
export function isBuiltIn({ apiVersion }: Document): boolean {
  return !/\.\w+\//.test(apiVersion) || /^(networking|rbac\.authorization)\.k8s\.io\//.test(apiVersion);
}

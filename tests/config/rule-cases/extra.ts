import type { Case } from './case';

const objects = (...extra: Record<string, unknown>[]) => ({ extra });
const config = (metadata: object, more: object = {}) =>
  objects({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...more });
const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const deployment = (spec: object, container: object = hardened) =>
  objects({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'own' },
    spec: { template: { spec: { ...spec, containers: [{ name: 'own', securityContext: container }] } } },
  });
const restricted = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };

/** The user's own objects. */
export const extraCases: Readonly<Record<string, Case>> = {
  'extra-object': {
    trips: [
      objects({ kind: 'ConfigMap', metadata: { name: 'a' } }),
      objects({ apiVersion: 'v1', metadata: { name: 'a' } }),
      objects({ apiVersion: 'v1', kind: 'ConfigMap' }),
      objects({ apiVersion: 'v1', kind: 'ConfigMap', metadata: null }),
      objects({ apiVersion: 'v1', kind: 'ConfigMap', metadata: 'a' }),
      config({ name: 7 }),
      objects({ apiVersion: 'v1', kind: 'List', items: [] }),
    ],
    spares: [config({ name: 'a' })],
  },
  'extra-namespace': {
    trips: [
      config({ name: 'a', namespace: 'other' }),
      objects({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' } }),
      objects({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }),
      objects({ apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: 'a' } }),
    ],
    spares: [
      config({ name: 'a', namespace: 'hexclave-production' }),
      objects({ apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name: 'a' } }),
    ],
  },
  'extra-secret': {
    trips: [
      objects({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: 'Yg==' } }),
      objects({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData: { a: 'b' } }),
      config({ name: 'a' }, { data: { url: 'postgresql://me:hunter2hunter2@db.acme.dev/app' } }),
    ],
    spares: [
      objects({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
      objects({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: 'ENC[]' }, sops: { mac: 'a' } }),
      objects({ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', metadata: { name: 'a' }, spec: {} }),
      config({ name: 'a' }, { data: { url: 'https://acme.dev' } }),
    ],
  },
  'extra-pod-security': {
    trips: [
      deployment({}),
      deployment(restricted, {}),
      deployment({ ...restricted, hostNetwork: true }),
      deployment(restricted, { ...hardened, privileged: true }),
    ],
    spares: [
      deployment(restricted),
      { ...deployment({}), settings: { namespace: { create: false } } },
      deployment({}, { ...hardened, ...restricted.securityContext } as object),
    ],
  },
};

import type { k8s } from 'cdk8s-plus-28';
import { connections } from '../../config/connections';
import type { Environment } from '../../config/environment';
import { POSTGRES } from '../../config/stores/postgres';
import { Cluster, ClusterSpecResourcesLimits, ClusterSpecResourcesRequests } from '../../imports/postgresql.cnpg.io';
import { mirrored } from '../images';
import { metadata } from '../metadata';
import { ANYWHERE, DNS, tcp } from '../peers';
import type { Amounts } from '../pod';
import { KEPT } from './operator';
import type { StoreChart } from './store';

/** A Cluster of CloudNativePG: a primary and two standbys, whose operator is in the cluster already. */
export const cloudnativePg: StoreChart = {
  component: 'postgres',
  runs: (env) => env.settings.stores.postgres.mode === 'cloudnative-pg',
  network: ({ settings, backup }) => ({
    port: POSTGRES.port,
    clients: ['server', 'migration', ...(backup ? (['backup'] as const) : [])],
    pods: PODS,
    ingress: [
      { from: [{ podSelector: { matchLabels: PODS } }, OPERATOR], ports: [tcp(POSTGRES.port), tcp(STATUS_PORT)] },
      // Prometheus can live anywhere, and nothing but metrics is to be had on this port.
      ...(settings.stores.postgres.mode === 'cloudnative-pg' && settings.stores.postgres.podMonitor
        ? [{ ports: [tcp(METRICS_PORT)] }]
        : []),
    ],
    egress: [
      DNS,
      // The other instances, and an archive at an address and port that are not known here.
      { to: ANYWHERE },
      // The API server, to which every instance reports. It is a node, or counts as one, and to Cilium no address block
      // has a node in it (cilium/cilium#20550). Only with `to` can the metadata service be left out; it has other ports.
      { ports: [tcp(443), tcp(6443)] },
    ],
  }),
  emit(scope, env) {
    const { settings } = env;
    const { postgres } = settings.stores;
    if (postgres.mode !== 'cloudnative-pg') return;
    new Cluster(scope, POSTGRES.name, {
      metadata: metadata(env, { name: POSTGRES.name, stage: 'stores', component: 'postgres', annotations: KEPT }),
      spec: {
        instances: 3,
        imageName: mirrored(settings, settings.images.postgres ?? IMAGES[postgres.version]),
        imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })),
        priorityClassName: settings.priorityClassName,
        // The owner of the database is enough for the server; nobody needs the superuser from outside.
        enableSuperuserAccess: false,
        inheritedMetadata: { labels: settings.labels, annotations: settings.annotations },
        bootstrap: {
          initdb: { database: POSTGRES.database, owner: POSTGRES.user, dataChecksums: true },
        },
        postgresql: { parameters: { max_connections: String(Math.max(200, connections(settings.replicas) + 50)) } },
        storage: { size: String(postgres.size), storageClass: postgres.storageClassName },
        resources: {
          requests: quantities(postgres.resources.requests, ClusterSpecResourcesRequests.fromString),
          limits: quantities(postgres.resources.limits, ClusterSpecResourcesLimits.fromString),
        },
        affinity: {
          nodeSelector: settings.nodeSelector,
          tolerations: settings.tolerations,
          topologyKey: 'kubernetes.io/hostname',
          podAntiAffinityType: 'preferred',
        },
        monitoring: postgres.podMonitor ? { enablePodMonitor: true } : undefined,
      },
    });
  },
};

/** The operator's label on every pod of the cluster, those of its Jobs included. */
const PODS = { 'cnpg.io/cluster': POSTGRES.name };

const OPERATOR: k8s.NetworkPolicyPeer = {
  namespaceSelector: {},
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'cloudnative-pg' } },
};

/** Where the operator and the other instances ask an instance how it is. */
const STATUS_PORT = 8000;
const METRICS_PORT = 9187;

/** The operator's own images of PostgreSQL. Another major here makes it upgrade the data in place, with a pause. */
const IMAGES = {
  15: 'ghcr.io/cloudnative-pg/postgresql:15.18-standard-trixie',
  16: 'ghcr.io/cloudnative-pg/postgresql:16.14-standard-trixie',
  17: 'ghcr.io/cloudnative-pg/postgresql:17.10-standard-trixie',
  18: 'ghcr.io/cloudnative-pg/postgresql:18.4-standard-trixie',
} satisfies Record<
  Extract<Environment['settings']['stores']['postgres'], { mode: 'cloudnative-pg' }>['version'],
  string
>;

function quantities<T>(amounts: Amounts, of: (text: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, of(String(amount))]));
}

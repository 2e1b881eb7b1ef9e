import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { POSTGRES } from '../../config/stores/postgres';
import { SVIX, SVIX_EVALUATION } from '../../config/stores/svix';
import { mirrored, postgresImage } from '../images';
import { DNS, PUBLIC, tcp } from '../peers';
import { type Amounts, container } from '../pod';
import { scripts } from '../scripts';
import { fromSecret, literal, secretKey, verbatim } from '../variables';
import { httpProbes } from './probes';
import { statefulStore } from './stateful';
import type { StoreChart } from './store';

/** Svix in one pod, with a role and a database of its own on the bundled PostgreSQL, and its queue in memory. */
export const svix: StoreChart = {
  component: 'svix',
  runs: (env) => env.settings.stores.webhooks.mode === 'svix',
  network: () => ({
    port: SVIX.port,
    clients: ['server', 'migration'],
    // It posts to addresses that users enter: never to one of the cluster, the node or the cloud's metadata service.
    egress: [DNS, { to: PUBLIC, ports: [tcp(80), tcp(443)] }],
  }),
  emit(scope, env) {
    const { webhooks, postgres } = env.settings.stores;
    if (webhooks.mode !== 'svix' || postgres.mode !== 'bundled') return;
    statefulStore(scope, env, {
      component: 'svix',
      name: SVIX.name,
      evaluation: SVIX_EVALUATION,
      terminationGracePeriodSeconds: 60,
      secrets: ['SVIX_JWT_SECRET', 'SVIX_DATABASE_PASSWORD', 'POSTGRES_PASSWORD'],
      initContainers: [database(env, postgresImage(env.settings, postgres.version))],
      container: server(env, webhooks.resources),
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } }],
    });
  },
};

const TMP: k8s.VolumeMount = { name: 'tmp', mountPath: '/tmp' };

function database(env: Environment, image: string): k8s.Container {
  return container({
    name: 'database',
    image,
    command: ['/bin/bash', '-c', verbatim(scripts.svixDatabase)],
    env: [
      ...Object.entries({
        PGHOST: POSTGRES.name,
        PGPORT: String(POSTGRES.port),
        PGUSER: POSTGRES.user,
        HOME: '/tmp',
      }).map(([name, value]) => literal(name, value)),
      fromSecret('PGPASSWORD', secretKey(env, 'POSTGRES_PASSWORD')),
      fromSecret('SVIX_DATABASE_PASSWORD', secretKey(env, 'SVIX_DATABASE_PASSWORD')),
    ],
    requests: { cpu: '10m', memory: '16Mi', 'ephemeral-storage': '1Mi' },
    limits: { cpu: '200m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
    volumeMounts: [TMP],
  });
}

function server(env: Environment, amounts: { readonly requests: Amounts; readonly limits: Amounts }): k8s.Container {
  return container({
    name: 'svix',
    image: mirrored(env.settings, env.settings.images.svix),
    command: ['/bin/sh', '-c', verbatim(scripts.svix)],
    env: [
      ...Object.entries({
        SVIX_QUEUE_TYPE: 'memory',
        SVIX_CACHE_TYPE: 'memory',
        // The least it takes; PostgreSQL's limit has room for it.
        SVIX_DB_POOL_MAX_SIZE: '10',
        DATABASE_ADDRESS: `${POSTGRES.name}:${POSTGRES.port}`,
        HOME: '/tmp',
      }).map(([name, value]) => literal(name, value)),
      fromSecret('SVIX_JWT_SECRET', secretKey(env, 'SVIX_JWT_SECRET')),
      fromSecret('SVIX_DATABASE_PASSWORD', secretKey(env, 'SVIX_DATABASE_PASSWORD')),
    ],
    ports: [{ name: 'http', containerPort: SVIX.port, protocol: 'TCP' }],
    ...httpProbes({ path: '/api/v1/health/', port: 'http', startTries: 60 }),
    // It speaks for the database too, whose outage a restart would not end: the port alone says that it is alive.
    livenessProbe: {
      tcpSocket: { port: k8s.IntOrString.fromString('http') },
      periodSeconds: 20,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    requests: amounts.requests,
    limits: amounts.limits,
    volumeMounts: [TMP],
  });
}

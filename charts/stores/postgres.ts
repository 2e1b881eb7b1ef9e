import { k8s } from 'cdk8s-plus-28';
import { connections } from '../../config/connections';
import type { Environment } from '../../config/environment';
import { POSTGRES, POSTGRES_EVALUATION } from '../../config/stores/postgres';
import { postgresImage } from '../images';
import { container } from '../pod';
import { configurations, scripts } from '../scripts';
import { secretKey, verbatim } from '../variables';
import { DATA, statefulStore } from './stateful';
import type { StoreChart } from './store';

/** The bundled PostgreSQL: the official image in one pod. */
export const postgres: StoreChart = {
  component: 'postgres',
  runs: (env) => env.settings.stores.postgres.mode === 'bundled',
  network: (env) => ({
    port: POSTGRES.port,
    clients: [
      'server',
      'migration',
      ...(env.settings.stores.webhooks.mode === 'svix' ? (['svix'] as const) : []),
      ...(env.backup ? (['backup'] as const) : []),
    ],
  }),
  emit(scope, env) {
    const { stores } = env.settings;
    if (stores.postgres.mode !== 'bundled') return;
    const password = secretKey(env, 'POSTGRES_PASSWORD');
    statefulStore(scope, env, {
      component: 'postgres',
      name: POSTGRES.name,
      evaluation: POSTGRES_EVALUATION,
      size: stores.postgres.size,
      storageClassName: stores.postgres.storageClassName,
      // A fast stop writes a checkpoint, which takes a while on a slow disk.
      terminationGracePeriodSeconds: 120,
      files: FILES,
      container: server(env, stores.postgres),
      volumes: [
        { name: 'files', configMap: { name: POSTGRES.name } },
        {
          name: 'password',
          secret: {
            secretName: password.secret,
            defaultMode: 0o440,
            items: [{ key: password.key, path: 'password' }],
          },
        },
        { name: 'run', emptyDir: { sizeLimit: k8s.Quantity.fromString('16Mi') } },
        { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
        // The runtime's own is 64 MiB, too little for parallel queries; it counts against the memory limit.
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('256Mi') } },
      ],
    });
  },
};

/** The kubelet's user of the pod is none of the image's, and initdb insists on a name for it. */
const FILES = { 'pg_hba.conf': configurations.pgHba, users: configurations.pgUsers };

const VOLUME = '/var/lib/postgresql';
const PASSWORD_DIR = '/run/secrets/postgres';
const HBA = '/etc/hexclave/pg_hba.conf';

type Bundled = Extract<Environment['settings']['stores']['postgres'], { mode: 'bundled' }>;

function server(env: Environment, settings: Bundled): k8s.Container {
  const { replicas } = env.settings;
  const { port, user, database } = POSTGRES;
  return container({
    name: 'postgres',
    image: postgresImage(env.settings, settings.version),
    command: ['/bin/bash', '-c', verbatim(scripts.postgres), 'postgres'],
    args: Object.entries({
      listen_addresses: '*',
      port,
      unix_socket_directories: '/var/run/postgresql',
      hba_file: HBA,
      // What the server can open, and some for backups, kubectl exec and Svix; never below what is usual.
      max_connections: Math.max(200, connections(replicas) + 50),
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    env: Object.entries({
      // One layout for every major: version 18 moved the image's own, and a volume's root is not PostgreSQL's to own.
      PGDATA: `${VOLUME}/${settings.version}/docker`,
      POSTGRES_VOLUME: VOLUME,
      POSTGRES_MAJOR: String(settings.version),
      POSTGRES_USER: user,
      POSTGRES_DB: database,
      POSTGRES_PASSWORD_FILE: `${PASSWORD_DIR}/password`,
      HOME: '/tmp',
    }).map(([name, value]) => ({ name, value })),
    ports: [{ name: 'postgres', containerPort: port, protocol: 'TCP' }],
    // Exit code 1 is "alive, but not accepting": recovery after a crash must not be interrupted, however long it takes.
    startupProbe: { exec: alive, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 },
    readinessProbe: { exec: { command: READY }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { exec: alive, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    // A mirrored image may have lost its stop signal, and SIGTERM would wait for every connection to end.
    lifecycle: { preStop: { exec: { command: ['pg_ctl', 'stop', '--mode=fast', '--wait', '--timeout=100'] } } },
    requests: settings.resources.requests,
    limits: settings.resources.limits,
    volumeMounts: [
      { name: DATA, mountPath: VOLUME },
      { name: 'files', mountPath: HBA, subPath: 'pg_hba.conf', readOnly: true },
      { name: 'files', mountPath: '/etc/passwd', subPath: 'users', readOnly: true },
      { name: 'password', mountPath: PASSWORD_DIR, readOnly: true },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'shm', mountPath: '/dev/shm' },
    ],
  });
}

const READY = [
  'pg_isready',
  '--host=127.0.0.1',
  `--port=${POSTGRES.port}`,
  `--username=${POSTGRES.user}`,
  `--dbname=${POSTGRES.database}`,
];

const alive = { command: ['/bin/bash', '-c', verbatim(`${READY.join(' ')}; [ $? -lt 2 ]`)] };

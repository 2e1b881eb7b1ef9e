import { k8s } from 'cdk8s-plus-28';
import { backsUpBefore, bucketEndpoint } from '../../config/backup';
import type { Environment } from '../../config/environment';
import { publicBucketHost, SEAWEEDFS, SEAWEEDFS_EVALUATION } from '../../config/stores/seaweedfs';
import { mirrored } from '../images';
import type { Component } from '../metadata';
import { tcp } from '../peers';
import { type Amounts, container } from '../pod';
import { fromSecret, secretKey } from '../variables';
import { bucketsJob } from './buckets';
import { httpProbes } from './probes';
import { DATA, statefulStore } from './stateful';
import type { StoreChart } from './store';

/** SeaweedFS in one pod: all of its parts in one process, and only the S3 gateway open to others. */
export const seaweedfs: StoreChart = {
  component: 'seaweedfs',
  runs: (env) => env.settings.stores.s3.mode === 'seaweedfs',
  network: (env) => ({
    port: SEAWEEDFS.port,
    clients: ['server', 'buckets', ...backups(env)],
    jobs: ['buckets'],
    // No `from`, as with the server: ingress controllers cannot be named by a selector.
    ingress: publicBucketHost(env.settings, env.config.STACK_S3_PUBLIC_ENDPOINT)
      ? [{ ports: [tcp(SEAWEEDFS.port)] }]
      : [],
  }),
  emit(scope, env) {
    const settings = env.settings.stores.s3;
    if (settings.mode !== 'seaweedfs') return;
    statefulStore(scope, env, {
      component: 'seaweedfs',
      name: SEAWEEDFS.name,
      evaluation: SEAWEEDFS_EVALUATION,
      size: settings.size,
      storageClassName: settings.storageClassName,
      terminationGracePeriodSeconds: 30,
      secrets: ['STACK_S3_ACCESS_KEY_ID', 'STACK_S3_SECRET_ACCESS_KEY'],
      container: server(env, settings.resources),
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('128Mi') } }],
    });
    bucketsJob(scope, env);
  },
};

/** Who puts backups in here; what is lost with the namespace then goes with it. */
function backups({ settings }: Environment): Component[] {
  if (bucketEndpoint(settings)?.hostname.split('.')[0] !== SEAWEEDFS.name) return [];
  return backsUpBefore(settings) ? ['backup', 'migration'] : ['backup'];
}

const ARGUMENTS = {
  dir: '/data',
  filer: true,
  s3: true,
  's3.port': SEAWEEDFS.port,
  's3.ip.bind': '0.0.0.0',
  // Master, volume server and filer ask for no key: they stay inside the pod. Their address is also written into the
  // data, so it must not be the pod's, which changes.
  ip: '127.0.0.1',
  'ip.bind': '127.0.0.1',
  // A bucket takes seven volume files at once; with the usual 30 GB each the disk would count as full.
  'master.volumeSizeLimitMB': 64,
  'volume.max': 0,
  'volume.preStopSeconds': 1,
  'master.telemetry': false,
  // It is the only master and has nobody to wait for: for the usual ten seconds after a start the probe would be answered
  // while everything else is an internal error.
  'master.electionTimeout': '1s',
};

function server(env: Environment, amounts: { readonly requests: Amounts; readonly limits: Amounts }): k8s.Container {
  return container({
    name: 'seaweedfs',
    image: mirrored(env.settings, env.settings.images.seaweedfs),
    // Not through the image's entrypoint, which adds arguments of its own.
    command: ['weed'],
    args: ['-logtostderr=true', 'server', ...Object.entries(ARGUMENTS).map(([name, value]) => `-${name}=${value}`)],
    env: [
      // The one administrator of the store.
      fromSecret('AWS_ACCESS_KEY_ID', secretKey(env, 'STACK_S3_ACCESS_KEY_ID')),
      fromSecret('AWS_SECRET_ACCESS_KEY', secretKey(env, 'STACK_S3_SECRET_ACCESS_KEY')),
      { name: 'HOME', value: '/tmp' },
    ],
    ports: [{ name: 's3', containerPort: SEAWEEDFS.port, protocol: 'TCP' }],
    ...httpProbes({ path: SEAWEEDFS.health, port: 's3', startTries: 60 }),
    requests: amounts.requests,
    limits: amounts.limits,
    volumeMounts: [
      { name: DATA, mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  });
}

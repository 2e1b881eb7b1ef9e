import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { CLICKHOUSE, CLICKHOUSE_EVALUATION } from '../../config/stores/clickhouse';
import { mirrored } from '../images';
import { type Amounts, container } from '../pod';
import { configurations, scripts } from '../scripts';
import { fromSecret, secretKey, verbatim } from '../variables';
import { httpProbes } from './probes';
import { DATA, statefulStore } from './stateful';
import type { StoreChart } from './store';

/** The bundled ClickHouse: the official image in one pod, with a configuration of its own. */
export const clickhouse: StoreChart = {
  component: 'clickhouse',
  runs: (env) => env.settings.stores.clickhouse.mode === 'bundled',
  network: () => ({ port: CLICKHOUSE.port, clients: ['server', 'migration'] }),
  emit(scope, env) {
    const settings = env.settings.stores.clickhouse;
    if (settings.mode !== 'bundled') return;
    const server = clickhouseServer(env, settings.resources);
    statefulStore(scope, env, {
      component: 'clickhouse',
      name: CLICKHOUSE.name,
      evaluation: CLICKHOUSE_EVALUATION,
      size: settings.size,
      storageClassName: settings.storageClassName,
      terminationGracePeriodSeconds: 60,
      secrets: ['STACK_CLICKHOUSE_ADMIN_PASSWORD'],
      files: { 'config.xml': configurations.clickhouse, 'users.xml': configurations.clickhouseUsers },
      container: {
        ...server,
        // Over the image's own folder, so that nothing of it is merged.
        volumeMounts: [...server.volumeMounts!, { name: 'files', mountPath: CONFIG_DIR, readOnly: true }],
      },
      volumes: [{ name: 'files', configMap: { name: CLICKHOUSE.name } }, TMP],
    });
  },
};

export const CONFIG_DIR = '/etc/clickhouse-server';

/** Scratch space; queries spill to the data volume. */
export const TMP: k8s.Volume = { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } };

/**
 * The server's container. Not through the image's entrypoint, which writes a user with the password in clear into the
 * configuration and needs a writable root for it (docs/explanation/kubernetes.md#stores).
 */
export function clickhouseServer(
  env: Environment,
  { requests, limits }: { readonly requests: Amounts; readonly limits: Amounts },
): k8s.Container {
  return container({
    name: 'clickhouse',
    image: mirrored(env.settings, env.settings.images.clickhouse),
    command: ['/bin/bash', '-c', verbatim(scripts.clickhouse), 'clickhouse'],
    args: [`--config-file=${CONFIG_DIR}/config.xml`],
    env: [
      fromSecret('CLICKHOUSE_PASSWORD', secretKey(env, 'STACK_CLICKHOUSE_ADMIN_PASSWORD')),
      // Without it the server runs as the child of a watchdog, which as PID 1 would get the signals.
      { name: 'CLICKHOUSE_WATCHDOG_ENABLE', value: '0' },
      { name: 'HOME', value: '/tmp' },
    ],
    ports: [{ name: 'http', containerPort: CLICKHOUSE.port, protocol: 'TCP' }],
    ...httpProbes({ path: '/ping', port: 'http', startTries: 100 }),
    requests,
    limits,
    volumeMounts: [
      { name: DATA, mountPath: '/var/lib/clickhouse' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  });
}

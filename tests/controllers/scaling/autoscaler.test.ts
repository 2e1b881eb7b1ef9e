import { afterAll, expect, it } from 'vitest';
import { environmentFolder, onCluster } from '../../cluster/fixtures/commands';
import { applyFiles, environmentOn, restarts, serverPods } from '../../cluster/fixtures/environment';
import { list, one } from '../../cluster/lib/api';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { startLoad } from '../../cluster/lib/load';
import { useNamespace } from '../../cluster/lib/namespace';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { registerMetricsApi, unregisterMetricsApi } from './lib/metrics-api';

const SERVER = 'hexclave-server';
const stores = sharedStores();
const namespace = useNamespace('scaling', { create: false });
const url = `http://hexclave-api.${namespace}.svc:8102/health?db=1`;

/**
 * In thousandths of a core the stand-in takes 5 a pod when idle, all pods together 30 under the steady load, and 110 to 180
 * under the busy one, more on a busy machine. The autoscaler aims at 28 a pod, 70 % of the request: two of them are far
 * from either.
 */
const resources = {
  requests: { cpu: '40m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
  limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '4Gi' },
};
const STEADY = { everyMs: 250 };
const BUSY = { everyMs: 4 };

/** Five minutes is how long an autoscaler waits by itself before it takes pods away. */
const hasty = {
  target: { kind: 'HorizontalPodAutoscaler' },
  patch: [{ op: 'add', path: '/spec/behavior', value: { scaleDown: { stabilizationWindowSeconds: 15 } } }],
};

const files = (more: Record<string, unknown> = {}, config: Record<string, string> = {}) =>
  environmentOn(namespace, stores, namespace, { yaml: { replicas: { min: 2, max: 3 }, resources, ...more }, config });
const changed = { STAND_IN_TIME_SCALE: '0.02' };
const folder = environmentFolder(files());
afterAll(unregisterMetricsApi);

/** As the README says. */
const deploy = (...args: Parameters<typeof files>) => applyFiles(files(...args), '--server-side', '--force-conflicts');

it('brings a first install to its minimum without a metrics API, and doctor says what is missing', async () => {
  await stores.createDatabase(namespace);
  await deploy();
  await serve(2);
  const [found] = await eventually('a finding', async () => {
    const all = ofAutoscaler();
    return all.length > 0 && all;
  });
  expect(found).toMatchObject({
    check: 'autoscaler-at-limit',
    message: 'It cannot measure what it scales by.',
    said: expect.stringContaining('resource metrics API'),
    fix: expect.stringContaining('install metrics-server'),
  });
}, 300_000);

it('measures its pods as soon as there is a metrics API, and doctor is silent', async () => {
  await registerMetricsApi();
  await eventually(
    'a measurement',
    async () => /cpu: \d+%\/70%/.test(await kubectl(['get', 'hpa', '-n', namespace])),
    120,
  );
  await eventually(
    'both pods',
    async () => (await kubectl(['top', 'pods', '-n', namespace])).split(SERVER).length === 3,
  );
  expect(ofAutoscaler()).toEqual([]);
}, 300_000);

it('adds a pod under load and takes it away afterwards: no failed request, and no apply resets the number', async () => {
  const steady = await startLoad(stores.namespace, `steady-${namespace}`, url, STEADY);
  const busy = await startLoad(stores.namespace, `busy-${namespace}`, url, BUSY);
  await serve(3);

  // The same once more: the autoscaler's number is no difference.
  const before = await deployment();
  await deploy();
  expect(await deployment()).toMatchObject({
    metadata: { uid: before.metadata.uid, generation: before.metadata.generation },
    spec: { replicas: 3 },
  });
  expect(onCluster(folder, ['diff', namespace]).code).toBe(0);

  // A change rolls as many.
  await deploy({}, changed);
  await rolledOut(namespace, `deployment/${SERVER}`, 400);
  expect((await deployment()).status).toMatchObject({ replicas: 3, readyReplicas: 3, updatedReplicas: 3 });
  await eventually('a budget for three pods', async () => {
    const { expectedPods, desiredHealthy, disruptionsAllowed } = (await get('pdb', SERVER, '-n', namespace)).status;
    return expectedPods === 3 && desiredHealthy === 2 && disruptionsAllowed === 1;
  });

  await deploy({ patches: [hasty] }, changed);
  expect((await deployment()).spec.replicas).toBe(3);
  const loaded = await busy.stop();
  await serve(2);
  const through = await steady.stop();
  for (const { failures, statuses, requests } of [loaded, through]) {
    expect(failures).toEqual([]);
    expect(statuses).toEqual({ 200: requests });
  }
  expect(through.requests).toBeGreaterThan(200);
  expect(await restarts(namespace)).toBe(0);
  expect(ofAutoscaler()).toEqual([]);
}, 900_000);

/** Waits until the autoscaler wants so many pods, as many are ready, and what there was besides is gone. */
async function serve(pods: number): Promise<void> {
  await eventually(
    `${pods} pods`,
    async () => {
      const { spec, status } = await deployment();
      if (spec.replicas !== pods || status.readyReplicas !== pods) {
        throw new Error(JSON.stringify([status, (await get('hpa', SERVER, '-n', namespace)).status]));
      }
      return (await list(namespace, 'pods', 'app.kubernetes.io/component=server')).length === pods;
    },
    300,
  );
  expect(await serverPods(namespace)).toHaveLength(pods);
}

const deployment = () => one(namespace, 'deployments', SERVER);

/** What doctor finds about the autoscaler. */
function ofAutoscaler(): { check: string; object: string; message: string }[] {
  const { stdout } = onCluster(folder, ['doctor', namespace, '--format', 'json']);
  return JSON.parse(stdout).diagnoses.filter(
    ({ object }: { object: string }) => object === `HorizontalPodAutoscaler/${SERVER}`,
  );
}

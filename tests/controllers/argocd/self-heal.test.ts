import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { one } from '../../cluster/lib/api';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { current, outOfSync, refreshed, until } from './lib/application';
import { syncedEnvironment } from './lib/environment';
import { useApplication } from './lib/namespace';

/** Not Healthy: there is no metrics API here, and Argo CD takes an autoscaler without metrics for Degraded. */
const SYNCED = { sync: 'Synced', phase: 'Succeeded' };

const DEPLOYMENT = 'deployment/hexclave-server';

describe.each([
  ['as in examples/', {}],
  ['with client-side apply', { syncOptions: [], compareOptions: '' }],
] as const)('self-heal, %s', (title, options) => {
  const stores = sharedStores();
  const namespace = useApplication(title === 'as in examples/' ? 'argo-heal' : 'argo-heal-client');
  const deployment = () => one(namespace, 'deployments', 'hexclave-server');

  /** Nothing has been synced since, however often Argo CD has looked. */
  async function left(before: { status: { operationState: { startedAt: string } } }): Promise<void> {
    // Two of its rounds by itself, and one with nothing from its caches.
    await sleep(25_000);
    const app = await refreshed(namespace);
    expect(outOfSync(app)).toEqual([]);
    expect(app.status.operationState.startedAt).toBe(before.status.operationState.startedAt);
  }

  beforeAll(async () => {
    // The poller is suspended, as it is for everybody without QStash; the email queue ticks within the test.
    const yaml = { replicas: { min: 1, max: 4 }, maintenance: { schedule: '* * * * *', sequencer: false } };
    await syncedEnvironment(stores, namespace, { yaml }, options);
  }, 400_000);

  it('leaves the number of pods to the autoscaler', async () => {
    const before = await current(namespace);
    // What the autoscaler does: it writes the scale subresource.
    await kubectl(['scale', '-n', namespace, DEPLOYMENT, '--replicas=2']);
    await rolledOut(namespace, DEPLOYMENT);
    await left(before);
    expect((await deployment()).spec.replicas).toBe(2);
    await kubectl(['scale', '-n', namespace, DEPLOYMENT, '--replicas=1']);
  }, 300_000);

  it('leaves what kubectl rollout restart and Reloader write into the pods’ template', async () => {
    await until(namespace, SYNCED);
    const before = await current(namespace);
    await kubectl(['rollout', 'restart', '-n', namespace, DEPLOYMENT]);
    const reloader = { name: 'STAKATER_HEXCLAVE_SECRETS_SECRET', value: 'a digest' };
    const last = { 'reloader.stakater.com/last-reloaded-from': '{"type":"SECRET"}' };
    const template = {
      metadata: { annotations: last },
      spec: { containers: [{ name: 'server', env: [reloader] }] },
    };
    const patch = JSON.stringify({ spec: { template } });
    await kubectl(['patch', '-n', namespace, DEPLOYMENT, '--type=strategic', '-p', patch]);
    await rolledOut(namespace, DEPLOYMENT, 240);
    await left(before);
    const { metadata, spec } = (await deployment()).spec.template;
    expect(metadata.annotations).toMatchObject(last);
    expect(metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBeDefined();
    expect(spec.containers[0].env).toContainEqual(reloader);
  }, 400_000);

  it('is not troubled by CronJobs that tick, fail or are suspended', async () => {
    await until(namespace, SYNCED);
    const before = await current(namespace);
    await eventually(
      'a call of the maintenance',
      async () => (await stores.log(namespace)).some(({ kind }) => kind === 'maintenance'),
      120,
    );
    await left(before);
    const cronJobs = (await get('cronjobs', '-n', namespace)).items;
    expect(cronJobs.map(({ spec }: { spec: { suspend: boolean } }) => spec.suspend).sort()).toEqual([false, true]);
  }, 300_000);

  it('puts back what somebody has changed or deleted', async () => {
    await until(namespace, SYNCED);
    const patch = JSON.stringify({ data: { NEXT_PUBLIC_STACK_API_URL: 'https://elsewhere.test' } });
    await kubectl(['patch', 'configmap', 'hexclave-config', '-n', namespace, '--type=merge', '-p', patch]);
    await kubectl(['delete', 'service', 'hexclave-dashboard', '-n', namespace]);
    await eventually('the Service', () => get('service', 'hexclave-dashboard', '-n', namespace), 300);
    await eventually(
      'the value',
      async () =>
        (await get('configmap', 'hexclave-config', '-n', namespace)).data.NEXT_PUBLIC_STACK_API_URL !==
        'https://elsewhere.test',
      300,
    );
    await until(namespace, SYNCED);
  }, 700_000);
});

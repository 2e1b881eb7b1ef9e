import { beforeAll, describe, expect, it } from 'vitest';
import { list, one } from '../../cluster/lib/api';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { current, outOfSync, refreshed, until, watched } from './lib/application';
import { syncedEnvironment } from './lib/environment';
import { useApplication } from './lib/namespace';

/** Not Healthy: there is no metrics API here, and Argo CD takes an autoscaler without metrics for Degraded. */
const SYNCED = { sync: 'Synced', phase: 'Succeeded' };

const DEPLOYMENT = 'deployment/hexclave-server';

const stores = sharedStores();
const example = useApplication('argo-heal');
const clientSide = useApplication('argo-heal-client');
const both = [
  ['as in examples/', example, {}],
  ['with client-side apply', clientSide, { syncOptions: [], compareOptions: '' }],
] as const;

beforeAll(async () => {
  // The poller is suspended, as it is for everybody without QStash; the email queue ticks within the test.
  const yaml = { replicas: { min: 1, max: 4 }, maintenance: { schedule: '* * * * *', sequencer: false } };
  await Promise.all(both.map(([, name, options]) => syncedEnvironment(stores, name, { yaml }, options)));
}, 900_000);

describe('self-heal leaves what is not its own', () => {
  it.concurrent.each(both)(
    'the autoscaler’s number of pods, what kubectl rollout restart and Reloader write, CronJobs that tick or are suspended: %s',
    async (_, namespace) => {
      const before = await current(namespace);
      // What the autoscaler does: it writes the scale subresource.
      await kubectl(['scale', '-n', namespace, DEPLOYMENT, '--replicas=2']);
      await kubectl(['rollout', 'restart', '-n', namespace, DEPLOYMENT]);
      const reloader = { name: 'STAKATER_HEXCLAVE_SECRETS_SECRET', value: 'a digest' };
      const last = { 'reloader.stakater.com/last-reloaded-from': '{"type":"SECRET"}' };
      const containers = [{ name: 'server', env: [reloader] }];
      const patch = JSON.stringify({ spec: { template: { metadata: { annotations: last }, spec: { containers } } } });
      await kubectl(['patch', '-n', namespace, DEPLOYMENT, '--type=strategic', '-p', patch]);
      await rolledOut(namespace, DEPLOYMENT, 600);
      await eventually(
        'a call of the maintenance',
        async () => (await stores.log(namespace)).some(({ kind }) => kind === 'maintenance'),
        300,
      );
      await watched(namespace);

      // Nothing has been synced since, however often Argo CD has looked, nor is there anything to sync.
      const app = await refreshed(namespace);
      expect(outOfSync(app)).toEqual([]);
      expect(app.status.operationState.startedAt).toBe(before.status.operationState.startedAt);
      expect(app.status.history).toHaveLength(1);
      const { replicas, template } = (await one(namespace, 'deployments', 'hexclave-server')).spec;
      expect(replicas).toBe(2);
      expect(template.metadata.annotations).toMatchObject(last);
      expect(template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBeDefined();
      expect(template.spec.containers[0].env).toContainEqual(reloader);
      const cronJobs = (await get('cronjobs', '-n', namespace)).items;
      expect(cronJobs.map(({ spec }: { spec: { suspend: boolean } }) => spec.suspend).sort()).toEqual([false, true]);
      const jobs = await list(namespace, 'jobs', 'app.kubernetes.io/component=maintenance');
      expect(jobs.length).toBeGreaterThan(0);
    },
    1_500_000,
  );
});

describe('self-heal puts back', () => {
  it.concurrent.each(both)(
    'what somebody has changed or deleted: %s',
    async (_, namespace) => {
      const address = async () => (await get('configmap', 'hexclave-config', '-n', namespace)).data[ADDRESS];
      const right = await address();
      const patch = JSON.stringify({ data: { [ADDRESS]: 'https://elsewhere.test' } });
      await kubectl(['patch', 'configmap', 'hexclave-config', '-n', namespace, '--type=merge', '-p', patch]);
      await kubectl(['delete', 'service', 'hexclave-dashboard', '-n', namespace]);
      await eventually('the Service', () => get('service', 'hexclave-dashboard', '-n', namespace), 400);
      await eventually('the value', async () => (await address()) === right, 400);
      await until(namespace, SYNCED);
    },
    1_500_000,
  );
});

const ADDRESS = 'NEXT_PUBLIC_STACK_API_URL';

import { describe, expect, it } from 'vitest';
import { migrationJobs, restarts } from '../../cluster/fixtures/environment';
import { kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { killProcess } from '../lib/programs';
import { argocd, edit, outOfSync, refreshed, settled, until } from './lib/application';
import { type Synced, tags } from './lib/environment';
import { firstSync } from './lib/fresh';
import { useApplication } from './lib/namespace';
import { CONTROLLER } from './lib/start-argo';

const MIGRATING = { phase: 'Running', health: 'Progressing', message: /healthy state of batch\/Job\/hexclave-migrate/ };

const stores = sharedStores();
const example = useApplication('argo-example');
const clientSide = useApplication('argo-client');
const serverSide = useApplication('argo-server');
const environments = new Map<string, Synced>();

describe('an environment on a fresh cluster is Synced and Healthy in one sync, and stays so', () => {
  it.concurrent.each([
    ['by the Application of examples/', example, {}],
    ['with client-side apply and Argo CD’s own comparison', clientSide, { syncOptions: [], compareOptions: '' }],
    [
      'with server-side apply and Argo CD’s own comparison, which knows this Kubernetes',
      serverSide,
      { compareOptions: '' },
    ],
  ] as const)(
    '%s',
    async (_, namespace, options) => {
      environments.set(namespace, await firstSync(stores, namespace, options));
    },
    900_000,
  );
});

describe('a later sync', () => {
  it.concurrent('is finished by itself when the controller is killed while it migrates, and with PruneLast', async () => {
    const env = environments.get(example)!;
    const revision = await env.push('Upgrade', { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:20' } });
    const { status } = await until(example, MIGRATING);
    killProcess(CONTROLLER);
    const done = await settled(example, revision);
    expect(done.status.operationState.startedAt).toBe(status.operationState.startedAt);
    await upgraded(example, 'c-2');
    await migratedTwice(example);

    await edit(example, { spec: { syncPolicy: { syncOptions: ['ServerSideApply=true', 'PruneLast=true'] } } });
    await settled(example, await env.push('Back', { tag: 'c-1' }));
    await upgraded(example, 'c-1');
  }, 1_200_000);

  it.concurrent('is finished by the next one when it is terminated while it migrates', async () => {
    const env = environments.get(serverSide)!;
    const revision = await env.push('Upgrade', { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:20' } });
    await until(serverSide, MIGRATING);
    await argocd('argocd', 'app', 'terminate-op', serverSide);
    await until(serverSide, { phase: 'Failed', message: /Operation terminated/ });
    // The Job goes on: it is the cluster's, not Argo CD's. What the sync had not got to waits for a person.
    expect(await tags(serverSide)).toEqual(['c-1']);
    await argocd('argocd', 'app', 'sync', serverSide, '--prune', '--timeout', '400');
    await settled(serverSide, revision);
    await upgraded(serverSide, 'c-2');
    await migratedTwice(serverSide);
  }, 1_200_000);

  it.concurrent('is not held up by a CronJob whose last tick has failed, nor by ApplyOutOfSyncOnly', async () => {
    const env = environments.get(clientSide)!;
    // As the controller leaves it after a success and a failure, which Argo CD takes for Degraded; here no CronJob ticks.
    const status = { lastSuccessfulTime: '2026-01-01T00:00:00Z', lastScheduleTime: '2026-01-01T00:01:00Z' };
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    await kubectl(['patch', 'cronjob', 'hexclave-email-queue-step', '-n', clientSide, ...patch]);
    await edit(clientSide, { spec: { syncPolicy: { syncOptions: ['ApplyOutOfSyncOnly=true'] } } });
    const revision = await env.push('Upgrade', { tag: 'c-2', yaml: { labels: { team: 'auth' } } });
    await settled(clientSide, revision);
    await upgraded(clientSide, 'c-2');
    await migratedTwice(clientSide);
  }, 1_200_000);
});

/** One release is there, nothing of the one before it, and Argo CD sees no difference. */
async function upgraded(namespace: string, tag: string): Promise<void> {
  expect(await tags(namespace)).toEqual([tag]);
  expect(outOfSync(await refreshed(namespace))).toEqual([]);
  expect(await migrationJobs(namespace)).toHaveLength(1);
  expect(await restarts(namespace)).toBe(0);
}

/** Each release has migrated once, and nothing is missing. */
async function migratedTwice(namespace: string): Promise<void> {
  expect(await stores.query(namespace, 'SELECT 1 FROM "SchemaMigration"')).toHaveLength(4);
  const runs = (await stores.log(namespace)).filter(({ kind }) => kind === 'migrate');
  expect(runs).toHaveLength(2);
}

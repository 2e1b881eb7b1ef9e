import { describe, expect, it } from 'vitest';
import { migrationJobs, restarts, serverPods } from '../../cluster/fixtures/environment';
import { kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { argocd, outOfSync, refreshed, settled, until } from './lib/application';
import { syncedEnvironment } from './lib/environment';
import { useApplication } from './lib/namespace';

/** Neither waves for these nor hooks: an upgrade ends the same with every option that people turn on. */
describe('an upgrade by commit with other options of the sync', () => {
  const stores = sharedStores();
  const cases = [
    ['PruneLast', useApplication('argo-prune-last'), ['ServerSideApply=true', 'PruneLast=true']],
    ['ApplyOutOfSyncOnly', useApplication('argo-only'), ['ServerSideApply=true', 'ApplyOutOfSyncOnly=true']],
  ] as const;

  it.concurrent.each(cases)(
    '%s',
    async (_, namespace, syncOptions) => {
      const env = await syncedEnvironment(stores, namespace, { tag: 'c-1', yaml: { replicas: 1 } }, { syncOptions });
      const revision = await env.push('Upgrade', { tag: 'c-2' });
      await settled(namespace, revision);
      expect(outOfSync(await refreshed(namespace))).toEqual([]);
      expect(await migrationJobs(namespace)).toHaveLength(1);
      expect(await restarts(namespace)).toBe(0);
    },
    600_000,
  );
});

describe('a sync that is interrupted while it migrates', () => {
  const stores = sharedStores();
  const namespace = useApplication('argo-interrupted');

  it('is finished by the next one: one migration, and nothing lost', async () => {
    const env = await syncedEnvironment(stores, namespace, { tag: 'c-1', yaml: { replicas: 1 } });
    const slow = { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:15' } };
    const revision = await env.push('Upgrade', slow);
    await until(namespace, { phase: 'Running', health: 'Progressing' });
    await argocd('argocd', 'app', 'terminate-op', namespace);
    await until(namespace, { phase: 'Failed' });
    // The Job goes on: it is the cluster's, not Argo CD's. What the sync had not got to waits for a person.
    expect((await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1])).toEqual(['c-1']);
    await argocd('argocd', 'app', 'sync', namespace, '--prune', '--timeout', '300');
    await settled(namespace, revision);
    expect((await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1])).toEqual(['c-2']);
    const ledger = await stores.query(namespace, 'SELECT 1 FROM "SchemaMigration"');
    expect(ledger).toHaveLength(4);
    const runs = (await stores.log(namespace)).filter(({ kind }) => kind === 'migrate');
    expect(runs).toHaveLength(2);
  }, 600_000);
});

describe('a CronJob whose last tick has failed, which Argo CD takes for Degraded', () => {
  const stores = sharedStores();
  const namespace = useApplication('argo-failed-tick');

  it('holds no sync up', async () => {
    const env = await syncedEnvironment(stores, namespace, { yaml: { replicas: 1 } });
    // As the controller leaves it after a success and a failure; here no CronJob ticks.
    const status = { lastSuccessfulTime: '2026-01-01T00:00:00Z', lastScheduleTime: '2026-01-01T00:01:00Z' };
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    await kubectl(['patch', 'cronjob', 'hexclave-email-queue-step', '-n', namespace, ...patch]);
    const revision = await env.push('Another label', { yaml: { labels: { team: 'auth' } } });
    await settled(namespace, revision);
  }, 600_000);
});

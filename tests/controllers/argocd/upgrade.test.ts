import { beforeAll, describe, expect, it } from 'vitest';
import { migrationJobs, restarts } from '../../cluster/fixtures/environment';
import { startLoad } from '../../cluster/lib/load';
import { sharedStores } from '../../cluster/lib/stores';
import { announce, argocd, current, settled, until } from './lib/application';
import { type Synced, syncedEnvironment, tags } from './lib/environment';
import { useApplication } from './lib/namespace';

describe('an upgrade by commit', () => {
  const stores = sharedStores();
  const namespace = useApplication('argo-upgrade');
  const load = (name: string) =>
    startLoad(stores.namespace, `${namespace}-${name}`, `http://hexclave-api.${namespace}.svc:8102/health?db=1`);
  let env: Synced;

  beforeAll(async () => {
    env = await syncedEnvironment(stores, namespace, { yaml: { replicas: 2 } });
  }, 900_000);

  it('is Progressing while it migrates, then Healthy, and loses no request', async () => {
    const requests = await load('up');
    const slow = { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:20' } };
    const revision = await env.push('Upgrade', slow);
    const message = /waiting for healthy state of batch\/Job\/hexclave-migrate/;
    await until(namespace, { phase: 'Running', health: 'Progressing', message });
    expect(await tags(namespace)).toEqual(['c-1', 'c-1']);
    await settled(namespace, revision, 900);
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(result.requests).toBeGreaterThan(200);
    expect(await tags(namespace)).toEqual(['c-2', 'c-2']);
    expect(await restarts(namespace)).toBe(0);
    // The Job of the release before has gone with the sync.
    expect(await migrationJobs(namespace)).toHaveLength(1);
  }, 1_500_000);

  it('is taken back by git revert, and by argocd app rollback, without a lost request', async () => {
    const { git } = env.repository;
    const requests = await load('down');
    await git('revert', '--no-edit', 'HEAD');
    await git('push', '--quiet', 'origin', 'HEAD:main');
    await announce(namespace);
    const reverted = (await git('rev-parse', 'HEAD')).trim();
    await settled(namespace, reverted, 900);
    expect(await tags(namespace)).toEqual(['c-1', 'c-1']);

    // Argo CD refuses to roll back what it syncs by itself.
    await expect(argocd('argocd', 'app', 'rollback', namespace)).rejects.toThrow(/auto-sync is enabled/);
    await argocd('argocd', 'app', 'set', namespace, '--sync-policy', 'none');
    const { history } = (await current(namespace)).status;
    const upgraded = history.find(
      ({ revision }: { revision: string }) => revision !== env.revision && revision !== reverted,
    );
    await argocd('argocd', 'app', 'rollback', namespace, String(upgraded.id), '--prune', '--timeout', '900');
    await until(namespace, { health: 'Healthy', phase: 'Succeeded' });
    expect(await tags(namespace)).toEqual(['c-2', 'c-2']);
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    // Back to what git says, as soon as the sync is automatic again.
    await argocd('argocd', 'app', 'set', namespace, '--sync-policy', 'automated', '--self-heal', '--auto-prune');
    await until(namespace, { revision: reverted });
  }, 2_000_000);
});

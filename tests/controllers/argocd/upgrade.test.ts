import { beforeAll, describe, expect, it } from 'vitest';
import { migrationJobs, restarts, serverPods } from '../../cluster/fixtures/environment';
import { kubectl } from '../../cluster/lib/kubectl';
import { startLoad } from '../../cluster/lib/load';
import { sharedStores } from '../../cluster/lib/stores';
import { argocd, current, settled, until } from './lib/application';
import { type Synced, syncedEnvironment } from './lib/environment';
import { useApplication } from './lib/namespace';
import { ARGO } from './lib/start-argo';

describe('an upgrade by commit', () => {
  const stores = sharedStores();
  const namespace = useApplication('argo-upgrade');
  const load = (name: string) =>
    startLoad(stores.namespace, `${namespace}-${name}`, `http://hexclave-api.${namespace}.svc:8102/health?db=1`);
  const image = async () => (await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1]);
  let env: Synced;
  let first: string;

  beforeAll(async () => {
    env = await syncedEnvironment(stores, namespace, { tag: 'c-1', yaml: { replicas: 2 } });
    first = (await env.repository.git('rev-parse', 'HEAD')).trim();
  }, 400_000);

  it('is Progressing while it migrates, and loses no request', async () => {
    const requests = await load('up');
    const slow = { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:8' } };
    const revision = await env.push('Upgrade', slow);
    const app = await until(namespace, { phase: 'Running', health: 'Progressing' });
    expect(app.status.operationState.message).toMatch(/waiting for healthy state of batch\/Job\/hexclave-migrat/);
    await settled(namespace, revision);
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(result.requests).toBeGreaterThan(200);
    expect(await image()).toEqual(['c-2', 'c-2']);
    expect(await restarts(namespace)).toBe(0);
    // The Job of the release before has gone with the sync.
    expect(await migrationJobs(namespace)).toHaveLength(1);
  }, 400_000);

  it('is taken back by git revert, and by argocd app rollback, without a lost request', async () => {
    const requests = await load('down');
    await env.repository.git('revert', '--no-edit', 'HEAD');
    await env.repository.git('push', '--quiet', 'origin', 'HEAD:main');
    const reverted = (await env.repository.git('rev-parse', 'HEAD')).trim();
    await settled(namespace, reverted);
    expect(await image()).toEqual(['c-1', 'c-1']);

    // Argo CD refuses to roll back what it syncs by itself.
    await expect(argocd('argocd', 'app', 'rollback', namespace)).rejects.toThrow(/auto-sync is enabled/);
    await argocd('argocd', 'app', 'set', namespace, '--sync-policy', 'none');
    const { history } = (await current(namespace)).status;
    const upgraded = history.find(({ revision }: { revision: string }) => revision !== first && revision !== reverted);
    await argocd('argocd', 'app', 'rollback', namespace, String(upgraded.id), '--prune', '--timeout', '300');
    expect(await image()).toEqual(['c-2', 'c-2']);
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    // Back to what git says.
    await argocd('argocd', 'app', 'set', namespace, '--sync-policy', 'automated', '--self-heal', '--auto-prune');
    await settled(namespace, reverted);
    expect(await image()).toEqual(['c-1', 'c-1']);
  }, 600_000);
});

describe.each([
  ['with pruning', true],
  ['without pruning', false],
] as const)('a migration that fails, %s', (_, prune) => {
  const stores = sharedStores();
  const namespace = useApplication(prune ? 'argo-failing' : 'argo-failing-kept');
  let env: Synced;

  beforeAll(async () => {
    const options = { automated: { prune, selfHeal: true } };
    env = await syncedEnvironment(stores, namespace, { tag: 'c-1', yaml: { replicas: 1 } }, options);
  }, 400_000);

  it('makes the application Degraded, with the reason, while the old pods serve', async () => {
    await env.push('A release whose migration fails', { tag: 'c-2-broken' });
    const app = await until(namespace, { health: 'Degraded', phase: 'Failed' }, 400);
    expect(app.status.operationState.message).toMatch(/one or more synchronization tasks completed unsuccessfully/);
    const job = app.status.operationState.syncResult.resources.find(({ kind }: { kind: string }) => kind === 'Job');
    expect(job.message).toMatch(/Job has reached the specified backoff limit/);
    const pods = await serverPods(namespace);
    expect(pods.map(({ spec }) => spec.containers[0].image.split(':')[1])).toEqual(['c-1']);
  }, 500_000);

  it(prune
    ? 'is forgotten with the next release that migrates'
    : 'keeps it Degraded after the next release, until the failed Job is deleted', async () => {
    const revision = await env.push('A release that migrates', { tag: 'c-2' });
    if (!prune) {
      await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
      expect((await until(namespace, { health: 'Degraded' })).status.sync.status).toBe('Synced');
      await kubectl([
        ...['delete', 'job', '-n', namespace, '-l', 'app.kubernetes.io/component=migration'],
        '--field-selector=status.successful=0',
      ]);
    }
    await settled(namespace, revision, 400);
    expect((await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1])).toEqual(['c-2']);
    expect((await current(namespace)).metadata.namespace).toBe(ARGO);
  }, 500_000);
});

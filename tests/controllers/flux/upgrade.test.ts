import { beforeAll, describe, expect, it } from 'vitest';
import {
  applyFiles,
  environmentOn,
  migrationJobs,
  restarts,
  serverPods,
  withFolder,
} from '../../cluster/fixtures/environment';
import { get, tryKubectl } from '../../cluster/lib/kubectl';
import { startLoad } from '../../cluster/lib/load';
import { sharedStores } from '../../cluster/lib/stores';
import { type Synced, syncedEnvironment } from './lib/environment';
import { fetched, saying, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('an upgrade by commit', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-upgrade');
  const load = (name: string) =>
    startLoad(stores.namespace, `${namespace}-${name}`, `http://hexclave-api.${namespace}.svc:8102/health?db=1`);
  const images = async () => (await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1]);
  let env: Synced;
  let first: string[];

  beforeAll(async () => {
    // By kubectl, as the README has it, with a line more than Flux will find.
    const wishes = { tag: 'c-1', yaml: { replicas: 2 } };
    const more = environmentOn(namespace, stores, namespace, { ...wishes, config: { STAND_IN_FAULT: 'slow-start:1' } });
    await applyFiles(more, '--server-side', '--force-conflicts');
    env = await syncedEnvironment(stores, namespace, wishes);
    first = await migrationJobs(namespace);
  }, 400_000);

  it('begins with what kubectl has applied, which keeps nothing that is not in git', async () => {
    const { data } = await get('configmap', 'hexclave-config', '-n', namespace);
    expect(data).not.toHaveProperty('STAND_IN_FAULT');
    const left = await withFolder(env.files(), (folder) => tryKubectl(['diff', '--server-side', '-f', folder]));
    expect(left).toMatchObject({ code: 0, stdout: '' });
  });

  it('is being reconciled while it migrates, loses no request, and takes the Job of the release before away', async () => {
    const requests = await load('up');
    const slow = { tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:8' } };
    const revision = await env.push('Upgrade', slow);
    await fetched(namespace, revision);
    await saying(
      namespace,
      new RegExp(`^Reconciling True Progressing: Running health checks for revision main@sha1:${revision}`, 'm'),
    );
    await settled(namespace, revision);
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(result.requests).toBeGreaterThan(200);
    expect(await images()).toEqual(['c-2', 'c-2']);
    expect(await restarts(namespace)).toBe(0);
    const jobs = await migrationJobs(namespace);
    expect(jobs).toHaveLength(1);
    expect(jobs).not.toEqual(first);
  }, 400_000);

  it('is taken back by git revert, without a lost request', async () => {
    const requests = await load('down');
    await env.repository.git('revert', '--no-edit', 'HEAD');
    await env.repository.git('push', '--quiet', 'origin', 'HEAD:main');
    await settled(namespace, (await env.repository.git('rev-parse', 'HEAD')).trim());
    const result = await requests.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(await images()).toEqual(['c-1', 'c-1']);
    expect(await migrationJobs(namespace)).toEqual(first);
  }, 400_000);
});

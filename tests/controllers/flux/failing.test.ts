import { beforeAll, describe, expect, it } from 'vitest';
import { migrationJobs, serverPods } from '../../cluster/fixtures/environment';
import { sharedStores } from '../../cluster/lib/stores';
import { type Synced, syncedEnvironment } from './lib/environment';
import { fetched, saying, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('a migration that fails', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-failing');
  let env: Synced;

  beforeAll(async () => {
    env = await syncedEnvironment(stores, namespace, { tag: 'c-1', yaml: { replicas: 1 } });
  }, 400_000);

  it('is the Kustomization’s own reason, while the old pods serve', async () => {
    const [before] = await serverPods(namespace);
    await fetched(namespace, await env.push('A release whose migration fails', { tag: 'c-2-broken' }));
    const said = await saying(namespace, /^Ready False HealthCheckFailed/m, 400);
    const [job] = await migrationJobs(namespace);
    expect(said).toMatch(
      new RegExp(`^Ready False HealthCheckFailed: .*\\[Job/${namespace}/${job} status: 'Failed'[^\\]]*\\]`, 'm'),
    );
    const old = (await serverPods(namespace)).find(({ metadata }) => metadata.uid === before.metadata.uid);
    expect(old.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  }, 500_000);

  it('is forgotten with the next release that migrates', async () => {
    await settled(namespace, await env.push('A release that migrates', { tag: 'c-2' }), 400);
    const images = (await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1]);
    expect(images).toEqual(['c-2']);
    expect(await migrationJobs(namespace)).toHaveLength(1);
  }, 500_000);
});

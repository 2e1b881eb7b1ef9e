import { describe, expect, it } from 'vitest';
import { environmentOn, migrationJobs, restarts } from '../../cluster/fixtures/environment';
import { restricted } from '../../cluster/lib/pods';
import { connectedTo, storeObjects } from '../../cluster/lib/stores';
import { dist, prepare } from '../lib/dist';
import { repository } from '../lib/git';
import { createKustomization, saying, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('a Kustomization that depends on the stores’', () => {
  const names = { stores: useKustomization('flux-stores'), server: useKustomization('flux-server') };

  it('says so, makes no server before they are Ready, and goes on by itself', async () => {
    const stores = connectedTo(names.stores);
    const files = environmentOn(names.server, stores, 'postgres', { yaml: { replicas: 1 } });
    await prepare(files);
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: names.stores, labels: restricted },
    };
    const objects = [namespace, ...storeObjects(names.stores)].map((object) => JSON.stringify(object)).join('\n---\n');
    const repo = await repository(names.server);
    const revision = await repo.push('Everything', {
      ...dist(files),
      [`dist/${names.stores}/stores.yaml`]: objects,
    });

    await createKustomization(names.server, repo.url, (text) => `${text}  dependsOn: [{ name: ${names.stores} }]\n`);
    await saying(names.server, new RegExp(`^Ready False DependencyNotReady: .*${names.stores}.* not found`, 'm'));
    expect(await migrationJobs(names.server)).toEqual([]);
    await createKustomization(names.stores, repo.url);
    await settled(names.stores, revision);
    await settled(names.server, revision);
    expect(await restarts(names.server)).toBe(0);
  }, 600_000);
});

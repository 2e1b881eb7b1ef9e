import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, serverPods, withFolder, withoutServer } from './fixtures/environment';
import { apply, get, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';
import { rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';

describe('two environments in one cluster', () => {
  const first = useNamespace('first', { create: false });
  const second = useNamespace('second', { create: false });
  const stores = sharedStores();

  beforeAll(async () => {
    await stores.createDatabase('pair-one');
    await stores.createDatabase('pair-two');
    await applyFiles(environmentOn(first, stores, 'pair-one'));
    await applyFiles(environmentOn(second, stores, 'pair-two', { tag: 'a-1' }));
    await Promise.all([rolledOut(first, DEPLOYMENT), rolledOut(second, DEPLOYMENT)]);
  });

  it('have a migration each, and two replicas that did not migrate', async () => {
    for (const database of ['pair-one', 'pair-two']) {
      expect((await stores.log(database)).filter(({ kind }) => kind === 'migrate')).toHaveLength(1);
    }
  });

  it('have Services that lead to their own pods', async () => {
    for (const namespace of [first, second]) {
      const slices = await get('endpointslices', '-n', namespace, '-l', 'kubernetes.io/service-name=hexclave-api');
      const targets = slices.items.flatMap((item: { endpoints: { targetRef: { name: string } }[] }) =>
        item.endpoints.map(({ targetRef }) => targetRef.name),
      );
      expect(targets.sort()).toEqual((await serverPods(namespace)).map(({ metadata }) => metadata.name).sort());
    }
  });

  it('do not touch each other: deleting one leaves the other as it was', async () => {
    const before = await serverPods(second);
    await withoutServer(first);
    await withFolder(environmentOn(first, stores, 'pair-one'), (folder) =>
      kubectl(['delete', '-f', folder, '--wait=true'], { timeout: 170_000 }),
    );
    expect((await serverPods(second)).map(({ metadata }) => metadata.uid)).toEqual(
      before.map(({ metadata }) => metadata.uid),
    );
    await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: first } }]);
  });
});

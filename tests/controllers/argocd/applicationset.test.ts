import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOn, migrationJobs } from '../../cluster/fixtures/environment';
import { apply, get, kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually } from '../../cluster/lib/wait';
import type { Files } from '../../support/cases';
import { dist, prepare } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import { announce, current, giveAddresses, outOfSync, refreshed, settled, until } from './lib/application';
import { useApplication } from './lib/namespace';
import { ARGO } from './lib/start-argo';

const example = (name: string) =>
  parse(readFileSync(new URL(`../../../examples/argocd/${name}.yaml`, import.meta.url), 'utf8'));

describe('an ApplicationSet over the folders of dist/ in a repository of its own, in a project of its own', () => {
  const stores = sharedStores();
  // As the example has it, a namespace is called after its environment.
  const first = useApplication('hexclave-first');
  const second = useApplication('hexclave-second');
  const environment = async (namespace: string): Promise<Files & { name: string }> => {
    const name = namespace.replace('hexclave-', '');
    await stores.createDatabase(name);
    const files = { ...environmentOn(namespace, stores, name, { yaml: { replicas: 1 } }), name };
    await prepare(files);
    return files;
  };
  let repo: Repository;
  let committed: Record<string, string>;

  beforeAll(async () => {
    repo = await repository('manifests');
    committed = dist(await environment(first));
    const revision = await repo.push('The first environment', committed);
    const project = example('project');
    project.spec.sourceRepos = [repo.url];
    const set = example('applicationset');
    set.spec.generators[0].git.repoURL = repo.url;
    set.spec.generators[0].git.requeueAfterSeconds = 5;
    set.spec.template.spec.source.repoURL = repo.url;
    await apply([project, set]);
    await until(first, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
    await giveAddresses(first);
    await settled(first, revision);
  }, 500_000);
  afterAll(async () => {
    await kubectl([
      'delete',
      '-n',
      ARGO,
      'applicationset.argoproj.io/hexclave',
      '--cascade=orphan',
      '--ignore-not-found',
    ]);
  });

  it('syncs an environment that is committed later, too, and neither touches the other', async () => {
    const before = await current(first);
    committed = { ...committed, ...dist(await environment(second)) };
    const revision = await repo.push('The second environment', committed);
    await until(second, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
    await giveAddresses(second);
    await settled(second, revision);
    for (const name of [first, second]) {
      expect(outOfSync(await refreshed(name))).toEqual([]);
      expect(await migrationJobs(name)).toHaveLength(1);
    }
    const after = await current(first);
    expect(after.status.history).toEqual(before.status.history);
  }, 500_000);

  it('takes nothing away when a folder disappears', async () => {
    const name = second.replace('hexclave-', '');
    const left = Object.fromEntries(Object.entries(committed).filter(([path]) => !path.startsWith(`dist/${name}/`)));
    await repo.git('rm', '-r', '--quiet', `dist/${name}`);
    const revision = await repo.push('Without the second environment', left);
    await announce(second);
    await eventually(
      'Argo CD misses the folder',
      async () => {
        const { status } = await current(second);
        return status.conditions?.some(({ message }: { message: string }) => /app path does not exist/.test(message));
      },
      300,
    );
    expect((await current(first)).status.sync.status).toBe('Synced');
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    expect((await get('deployment', 'hexclave-server', '-n', second)).status.readyReplicas).toBe(1);
  }, 600_000);
});

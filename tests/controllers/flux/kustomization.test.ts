import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environmentOn, migrationJobs, restarts, versions, withFolder } from '../../cluster/fixtures/environment';
import { one } from '../../cluster/lib/api';
import { apply, get, kubectl, tryKubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { dump } from '../../cluster/lib/wait';
import { dist, prepare } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import { FLUX, KUSTOMIZATION, REPOSITORY, reconcile, settled } from './lib/kustomization';

/** Its names; the only thing that is replaced is the repository's address. */
const NAME = 'hexclave-production';

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

describe('examples/flux/kustomization.yaml, as it is', () => {
  const stores = sharedStores();
  const database = `production-${Date.now()}`;
  // The replicas are the autoscaler's, which Flux must not undo.
  const files = {
    ...environmentOn(NAME, stores, database, { yaml: { replicas: { min: 1, max: 4 } } }),
    name: 'production',
  };
  let repo: Repository;

  /** Patches the Kustomization, and has Flux apply everything anew. */
  async function change(spec: object): Promise<void> {
    const patch = JSON.stringify({ spec });
    await kubectl(['patch', '-n', FLUX, `${KUSTOMIZATION}/${NAME}`, '--type=merge', '-p', patch]);
    await reconcile(NAME);
  }

  /** What kubectl would change to have in the cluster what was committed. */
  const difference = () =>
    withFolder(files, (folder) => tryKubectl(['diff', '--server-side', '--force-conflicts', '-f', folder]));
  const NONE = { code: 0, stdout: '' };

  const remove = async () => {
    await kubectl(['delete', '-n', FLUX, `${KUSTOMIZATION}/${NAME}`, `${REPOSITORY}/auth`, '--ignore-not-found']);
    await kubectl(['delete', 'namespace', NAME, '--ignore-not-found', '--timeout=170s'], { timeout: 180_000 });
  };

  beforeAll(async () => {
    await remove(); // of an earlier run on a bed that is kept
    await stores.createDatabase(database);
    await prepare(files);
    repo = await repository(database);
    const revision = await repo.push('The first one', dist(files));
    const example = readFileSync(new URL('../../../examples/flux/kustomization.yaml', import.meta.url), 'utf8');
    await apply(example.replace('https://git.example.com/auth.git', repo.url));
    await settled(NAME, revision);
  }, 600_000);
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.error(await dump(NAME)), 60_000);
  });
  afterAll(remove, 400_000);

  it('is Ready on a fresh cluster without a person, in one go, with everything as it was committed', async () => {
    expect(await difference()).toMatchObject(NONE);
    expect(await migrationJobs(NAME)).toHaveLength(1);
    expect(await restarts(NAME)).toBe(0);
  });

  it('changes nothing when it is reconciled again, nor with force', async () => {
    const before = await versions(files);
    await reconcile(NAME);
    await change({ force: true });
    expect(await versions(files)).toEqual(before);
    await change({ force: null });
  }, 600_000);

  it('rewrites nothing with postBuild.substitute, whatever the names, but the objects of others', async () => {
    const before = await versions(files);
    const committed = Object.values(dist(files)).join('');
    const names = new Set([...committed.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name!));
    expect(names.size).toBeGreaterThan(10);
    const mine = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace: NAME } };
    const text = JSON.stringify({ ...mine, data: { text: [...names].map((name) => `\${${name}}`).join(' ') } });
    await change({ postBuild: { substitute: Object.fromEntries([...names].map((name) => [name, 'replaced'])) } });
    await settled(
      NAME,
      await repo.push('An object of somebody else', { ...dist(files), 'dist/production/mine.yaml': text }),
    );
    expect((await get('configmap', 'mine', '-n', NAME)).data.text).toBe([...names].map(() => 'replaced').join(' '));
    expect(await versions(files)).toEqual(before);
    expect(await difference()).toMatchObject(NONE);
  }, 600_000);

  it('leaves the number of pods to the autoscaler, and what Reloader and a restart in another name write', async () => {
    const deployment = ['-n', NAME, 'deployment/hexclave-server'];
    // What the autoscaler does: it writes the scale subresource.
    await kubectl(['scale', ...deployment, '--replicas=2']);
    await kubectl(['rollout', 'restart', ...deployment, '--field-manager=a-person']);
    const reloader = { name: 'STAKATER_HEXCLAVE_SECRETS_SECRET', value: 'a digest' };
    const patch = JSON.stringify({
      spec: { template: { spec: { containers: [{ name: 'server', env: [reloader] }] } } },
    });
    await kubectl(['patch', ...deployment, '--type=strategic', '-p', patch, '--field-manager=Reloader']);
    await reconcile(NAME);
    const { spec } = await one(NAME, 'deployments', 'hexclave-server');
    expect(spec.replicas).toBe(2);
    expect(spec.template.metadata.annotations[RESTARTED]).toBeDefined();
    expect(spec.template.spec.containers[0].env).toContainEqual(reloader);
    await kubectl(['scale', ...deployment, '--replicas=1']);
  }, 600_000);

  it('puts back what somebody has changed or deleted', async () => {
    const merge = (object: string, value: object) =>
      kubectl(['patch', object, '-n', NAME, '--type=merge', '-p', JSON.stringify(value)]);
    const [cronJob] = (await get('cronjobs', '-n', NAME)).items;
    await merge('configmap/hexclave-config', { data: { NEXT_PUBLIC_STACK_API_URL: 'https://elsewhere.test' } });
    await merge(`cronjob/${cronJob.metadata.name}`, { spec: { suspend: !cronJob.spec.suspend } });
    await kubectl(['delete', 'service', 'hexclave-dashboard', '-n', NAME]);
    await kubectl(['delete', 'networkpolicy', '--all', '-n', NAME]);
    // Whatever kubectl writes in its own name is undone, a restart too.
    await kubectl(['rollout', 'restart', '-n', NAME, 'deployment/hexclave-server']);
    const restarted = async () =>
      (await one(NAME, 'deployments', 'hexclave-server')).spec.template.metadata.annotations[RESTARTED];
    const at = await restarted();
    expect((await difference()).code).toBe(1);
    await reconcile(NAME);
    expect(await difference()).toMatchObject(NONE);
    expect(await restarted()).not.toBe(at);
  }, 600_000);
});

import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOn, migrationJobs, restarts, serverPods, type Wishes } from '../../cluster/fixtures/environment';
import { one } from '../../cluster/lib/api';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { startLoad } from '../../cluster/lib/load';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually } from '../../cluster/lib/wait';
import { dist, prepare } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import { createKustomization, current, deleteKustomization, ready, reconcile, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('the Kustomization of examples/', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux');
  const files = (wishes: Wishes = {}) =>
    environmentOn(namespace, stores, namespace, { ...wishes, yaml: { replicas: 2, ...wishes.yaml } });
  const images = async () => (await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1]);
  let repo: Repository;

  beforeAll(async () => {
    await stores.createDatabase(namespace);
    await prepare(files());
    repo = await repository(namespace);
    const revision = await repo.push('The first one', dist(files()));
    // Substitution is on, with a name that our scripts use: nothing may be rewritten.
    const postBuild = { substitute: { HOME: 'replaced', name: 'replaced' } };
    await createKustomization({ name: namespace, url: repo.url, path: `dist/${namespace}`, spec: { postBuild } });
    await settled(namespace, revision);
  }, 400_000);

  it('is Ready on a fresh cluster without a person, in one go, with every text as it was committed', async () => {
    expect(await migrationJobs(namespace)).toHaveLength(1);
    expect(await restarts(namespace)).toBe(0);
    const text = Object.values(dist(files())).join('');
    // What substitution looks for is there, so leaving it alone is something.
    expect(text).toMatch(/\$\{?\w/);
    const { spec } = await one(namespace, 'deployments', 'hexclave-server');
    const [server] = spec.template.spec.containers;
    expect(JSON.stringify(server)).not.toContain('replaced');
    for (const argument of [...server.command, ...server.lifecycle.preStop.exec.command]) {
      for (const line of String(argument).split('\n')) expect(text).toContain(line.trim());
    }
  });

  it('changes nothing when it is reconciled again', async () => {
    const before = await one(namespace, 'deployments', 'hexclave-server');
    await reconcile(namespace);
    expect((await one(namespace, 'deployments', 'hexclave-server')).metadata.generation).toBe(
      before.metadata.generation,
    );
    expect(await migrationJobs(namespace)).toHaveLength(1);
  });

  it('puts back what somebody has changed or deleted', async () => {
    const patch = JSON.stringify({ data: { NEXT_PUBLIC_STACK_API_URL: 'https://elsewhere.test' } });
    await kubectl(['patch', 'configmap', 'hexclave-config', '-n', namespace, '--type=merge', '-p', patch]);
    await kubectl(['delete', 'service', 'hexclave-dashboard', '-n', namespace]);
    await reconcile(namespace);
    await get('service', 'hexclave-dashboard', '-n', namespace);
    const { data } = await get('configmap', 'hexclave-config', '-n', namespace);
    expect(data.NEXT_PUBLIC_STACK_API_URL).not.toBe('https://elsewhere.test');
  });

  it('upgrades by commit under load without a lost request, and takes the old Job away', async () => {
    const url = `http://hexclave-api.${namespace}.svc:8102/health?db=1`;
    const load = await startLoad(stores.namespace, `load-${namespace}`, url);
    const revision = await repo.push(
      'Upgrade',
      dist(files({ tag: 'c-2', config: { STAND_IN_FAULT: 'slow-migration:5' } })),
    );
    await settled(namespace, revision);
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(await images()).toEqual(['c-2', 'c-2']);
    expect(await migrationJobs(namespace)).toHaveLength(1);
  }, 400_000);

  it('is rolled back by git revert', async () => {
    await repo.git('revert', '--no-edit', 'HEAD');
    await repo.git('push', '--quiet', 'origin', 'HEAD:main');
    await settled(namespace, (await repo.git('rev-parse', 'HEAD')).trim());
    expect(await images()).toEqual(['c-1', 'c-1']);
  }, 400_000);

  it('takes everything but the namespace and what was made by hand away when it is deleted', async () => {
    await deleteKustomization(namespace);
    await eventually(
      'the end of the Deployment',
      async () => (await get('deployments', '-n', namespace)).items.length === 0,
    );
    const kinds = 'deployments,jobs,cronjobs,services,configmaps,secrets,networkpolicies,serviceaccounts,ingresses';
    const left = (await get(kinds, '-n', namespace)).items.map(
      ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind}/${metadata.name}`,
    );
    expect(left.sort()).toEqual(['ConfigMap/kube-root-ca.crt', 'Secret/hexclave-secrets', 'ServiceAccount/default']);
    expect((await get('namespace', namespace)).status.phase).toBe('Active');
  }, 200_000);
});

describe('a migration that fails', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-failing');
  const files = (tag: string) => environmentOn(namespace, stores, namespace, { tag, yaml: { replicas: 1 } });
  let repo: Repository;

  beforeAll(async () => {
    await stores.createDatabase(namespace);
    await prepare(files('c-1'));
    repo = await repository(namespace);
    const revision = await repo.push('The first one', dist(files('c-1')));
    await createKustomization({ name: namespace, url: repo.url, path: `dist/${namespace}` });
    await settled(namespace, revision);
  }, 400_000);

  it('is the Kustomization’s own reason, while the old pods serve', async () => {
    await repo.push('A release whose migration fails', dist(files('c-2-broken')));
    const { reason, message } = await eventually(
      'a Kustomization that is not Ready',
      async () => {
        const condition = ready(await current(namespace));
        return condition.status === 'False' && condition.reason === 'HealthCheckFailed' && condition;
      },
      400,
    );
    expect({ reason, message }).toMatchObject({ message: expect.stringMatching(/Job\/.*hexclave-migrat.*Failed/i) });
    const pods = (await serverPods(namespace)).filter(({ status }) => status.phase === 'Running');
    expect(pods.map(({ spec }) => spec.containers[0].image.split(':')[1])).toContain('c-1');
  }, 500_000);

  it('is forgotten with the next release that migrates', async () => {
    const revision = await repo.push('A release that migrates', dist(files('c-2')));
    await settled(namespace, revision, 400);
  }, 500_000);
});

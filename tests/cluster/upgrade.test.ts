import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, migrationJobs, restarts, serverPods } from './fixtures/environment';
import { list, logs } from './lib/api';
import { kubectl, tryKubectl } from './lib/kubectl';
import { startLoad } from './lib/load';
import { useNamespace } from './lib/namespace';
import { request, startPod } from './lib/pods';
import { connectedTo, startStores } from './lib/stores';
import { condition, eventually, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';
const storeNamespace = useNamespace('upgrade-stores');
const stores = connectedTo(storeNamespace);

beforeAll(async () => {
  await startStores(storeNamespace);
  await startPod(storeNamespace, 'client');
});

/** Both generations of signal handling: A's PID 1 ignores SIGTERM, C's passes it on. */
describe.each(['a', 'c'])('an upgrade of generation %s', (generation) => {
  const namespace = useNamespace(`upgrade-${generation}`, { create: false });
  const url = `http://hexclave-api.${namespace}.svc:8102`;
  const at = (tag: string, config: Record<string, string> = {}) =>
    environmentOn(namespace, stores, generation, { tag: `${generation}-${tag}`, config });

  beforeAll(async () => {
    await stores.createDatabase(generation);
    await applyFiles(at('1'));
    await rolledOut(namespace, DEPLOYMENT);
  });

  it('to a new image under load runs one new Job and loses no request', async () => {
    const load = await startLoad(storeNamespace, `load-${generation}`, `${url}/health?db=1`);
    await applyFiles(at('2'));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(result.requests).toBeGreaterThan(200);
    expect(await migrationJobs(namespace)).toHaveLength(2);
    expect(await restarts(namespace)).toBe(0);
    const ledger = await stores.query(generation, 'SELECT 1 FROM "SchemaMigration"');
    expect(ledger).toHaveLength(4);
  }, 400_000);

  it('drains an evicted pod: what is in flight ends well and no other request is lost', async () => {
    const load = await startLoad(storeNamespace, `evict-${generation}`, `${url}/health`);
    // Longer than the 15 s before the drain and Kubernetes' default grace period of 30 s together.
    const [pod] = await serverPods(namespace);
    const slow = request(storeNamespace, 'client', `http://${pod.status.podIP}:8102/slow?ms=25000`, '--max-time', '60');
    await eventually('the request is in flight', async () =>
      (await stores.log(generation)).some(({ path, finishedAt }) => path === '/slow' && !finishedAt),
    );
    const { name } = pod.metadata;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await kubectl(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], {
      input: JSON.stringify(eviction),
    });
    expect((await slow).status).toBe(200);
    await kubectl(['wait', '-n', namespace, '--for=delete', `pod/${name}`, '--timeout=120s']);
    await rolledOut(namespace, DEPLOYMENT);
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
  }, 300_000);

  it('back to the old image passes the gate at once, by the old files and by rollout undo', async () => {
    const runs = async () => (await stores.log(generation)).filter(({ kind }) => kind === 'migrate').length;
    const before = await runs();
    await applyFiles(at('1'));
    await rolledOut(namespace, DEPLOYMENT, 300);
    await kubectl(['rollout', 'undo', '-n', namespace, DEPLOYMENT]);
    await rolledOut(namespace, DEPLOYMENT, 300);
    const [pod] = await serverPods(namespace);
    expect(pod.spec.containers[0].image).toContain(`:${generation}-2`);
    expect(await runs()).toBe(before);
  }, 600_000);
});

describe('a migration that fails', () => {
  const namespace = useNamespace('failing', { create: false });
  const at = (tag: string) => environmentOn(namespace, stores, 'failing', { tag });
  let old: string[];

  beforeAll(async () => {
    await stores.createDatabase('failing');
    await applyFiles(at('c-1'));
    await rolledOut(namespace, DEPLOYMENT);
    old = (await serverPods(namespace)).map(({ metadata }) => metadata.name);
  });

  it('leaves the old pods serving, lets the rollout wait, and shows the reason', async () => {
    await applyFiles(at('c-2-broken'));
    await eventually('a failed attempt', async () => {
      const attempts = await list(namespace, 'pods', 'app.kubernetes.io/component=migration');
      return attempts.some(({ status }) => status.phase === 'Failed');
    });
    const jobs = await migrationJobs(namespace);
    const said = await Promise.all(jobs.map((job) => tryKubectl(['logs', '-n', namespace, `job/${job}`])));
    expect(said.map(({ stdout }) => stdout).join()).toMatch(/step migrate failed/);
    await eventually('the gate says what it waits for', async () => {
      const pods = await serverPods(namespace);
      const fresh = pods.find(({ metadata }) => !old.includes(metadata.name));
      if (!fresh) return false;
      return /pending|waiting for the migration Job/.test(await logs(namespace, fresh.metadata.name, 'release-gate'));
    });
    const ready = (await serverPods(namespace)).filter(({ status }) =>
      status.conditions.some(
        ({ type, status: value }: { type: string; status: string }) => type === 'Ready' && value === 'True',
      ),
    );
    expect(ready.map(({ metadata }) => metadata.name).sort()).toEqual([...old].sort());
    expect(
      (await request(storeNamespace, 'client', `http://hexclave-api.${namespace}.svc:8102/health?db=1`)).status,
    ).toBe(200);
  });

  it('is mended by applying a release that migrates', async () => {
    await applyFiles(at('c-2'));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const [pod] = await serverPods(namespace);
    expect(pod.spec.containers[0].image).toContain(':c-2');
  }, 400_000);
});

describe('a changed value', () => {
  const namespace = useNamespace('changes', { create: false });
  const withChange = (change: object) => environmentOn(namespace, stores, 'changes', change);
  const state = async () => ({
    pods: (await serverPods(namespace)).map(({ metadata }) => metadata.uid).sort(),
    jobs: await migrationJobs(namespace),
  });

  beforeAll(async () => {
    await stores.createDatabase('changes');
    await applyFiles(withChange({}));
    await rolledOut(namespace, DEPLOYMENT);
  });

  it('of a secret rolls the pods and runs no migration', async () => {
    const before = await state();
    await applyFiles(withChange({ secrets: { CRON_SECRET: '0123456789abcdef0123456789abcdef01234567' } }));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const after = await state();
    expect(after.pods.filter((uid) => before.pods.includes(uid))).toEqual([]);
    expect(after.jobs).toEqual(before.jobs);
  }, 400_000);

  it('that the seed reads makes a new Job', async () => {
    const before = await state();
    const config = { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' };
    await applyFiles(withChange({ config }));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const { jobs } = await state();
    expect(jobs).toHaveLength(before.jobs.length + 1);
    for (const job of jobs) await condition(namespace, `job/${job}`, 'Complete');
  }, 400_000);

  it('that no pod reads does neither', async () => {
    const config = { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' };
    const before = await state();
    await applyFiles(withChange({ config, yaml: { network: { egress: [{ port: 9999 }] } } }));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await state()).toEqual(before);
  });
});

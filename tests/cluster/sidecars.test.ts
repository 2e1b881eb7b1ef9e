import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, migrationJobs, restarts, serverPods } from './fixtures/environment';
import { databaseProxy, injectSidecars, removeInjector } from './fixtures/sidecars';
import { list, logs } from './lib/api';
import { bed, get, kubectl } from './lib/kubectl';
import { startLoad } from './lib/load';
import { useNamespace } from './lib/namespace';
import { request } from './lib/pods';
import { sharedStores } from './lib/stores';
import { condition, eventually, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';
const SIDECAR = 'database-proxy';

describe('a proxy to PostgreSQL beside the migration, the gate and the server', () => {
  const stores = sharedStores();
  const namespace = useNamespace('sidecars', { create: false });
  const database = 'sidecars';
  const proxy = databaseProxy(SIDECAR, `postgres.${stores.namespace}.svc.cluster.local`);
  const at = (tag: string) =>
    environmentOn(namespace, stores, database, {
      tag,
      yaml: {
        pods: { server: { sidecars: [proxy] }, migration: { sidecars: [proxy] }, maintenance: { sidecars: [proxy] } },
        network: { egress: [{ port: 5432 }] },
      },
      // The one way to the database: nothing listens there but the sidecar.
      secrets: { STACK_DATABASE_CONNECTION_STRING: throughProxy(stores.connectionString(database)) },
    });
  const connections = async (pod: string) => (await logs(namespace, pod, SIDECAR)).match(/^connection$/gm)?.length ?? 0;

  beforeAll(async () => {
    await stores.createDatabase(database);
    await applyFiles(at('c-1'));
    await rolledOut(namespace, DEPLOYMENT);
  }, 300_000);

  it('starts before them, carries all they ask, and lets the Job end', async () => {
    const [job] = await migrationJobs(namespace);
    await condition(namespace, `job/${job}`, 'Complete');
    const [migration] = await list(namespace, 'pods', 'app.kubernetes.io/component=migration');
    expect(migration.status.phase).toBe('Succeeded');
    expect(await connections(migration.metadata.name)).toBeGreaterThan(0);
    const pods = await serverPods(namespace);
    expect(pods).toHaveLength(2);
    for (const { metadata, status } of pods) {
      const [sidecar, gate] = status.initContainerStatuses;
      expect([sidecar.name, gate.name]).toEqual([SIDECAR, 'release-gate']);
      expect(Date.parse(sidecar.state.running.startedAt)).toBeLessThanOrEqual(
        Date.parse(gate.state.terminated.startedAt),
      );
      expect(await connections(metadata.name)).toBeGreaterThan(0);
    }
  });

  it('goes through a rollout without a failed request', async () => {
    const load = await startLoad(
      stores.namespace,
      'load-sidecars',
      `http://hexclave-api.${namespace}.svc:8102/health?db=1`,
    );
    await applyFiles(at('c-2'));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(await migrationJobs(namespace)).toHaveLength(2);
    expect(await restarts(namespace)).toBe(0);
  }, 400_000);

  it('ends after the server, whose last request still reaches the database', async () => {
    const [pod] = await serverPods(namespace);
    const { name } = pod.metadata;
    const slow = request(
      stores.namespace,
      'client',
      `http://${pod.status.podIP}:8102/slow?ms=25000`,
      '--max-time',
      '60',
    );
    const inFlight = async () => (await stores.log(database)).find(({ path }) => path === '/slow');
    await eventually('the request is in flight', async () => (await inFlight()) !== undefined);
    await kubectl(['delete', 'pod', '-n', namespace, name, '--wait=false']);
    expect((await slow).status).toBe(200);
    // The stand-in writes this down in the database when the answer is out.
    await eventually('its end in the database', async () => (await inFlight())?.finishedAt != null, 20);
    await kubectl(['wait', '-n', namespace, '--for=delete', `pod/${name}`, '--timeout=120s']);
    await rolledOut(namespace, DEPLOYMENT);
  }, 300_000);

  it('lets a CronJob’s Job end', async () => {
    await kubectl(['create', 'job', '-n', namespace, 'once', '--from=cronjob/hexclave-email-queue-step']);
    await condition(namespace, 'job/once', 'Complete');
  });
});

describe.runIf(bed)('a service mesh that puts a native sidecar into every pod', () => {
  const stores = sharedStores();
  const namespace = useNamespace('mesh', { create: false });

  beforeAll(async () => {
    await stores.createDatabase('mesh');
    const upstream = `postgres.${stores.namespace}.svc.cluster.local`;
    await injectSidecars(namespace, databaseProxy('mesh', upstream));
  });
  afterAll(() => removeInjector(namespace));

  it('lets the migration and the CronJobs end, and the server start', async () => {
    const pods = {
      all: { labels: { 'mesh.test/inject': namespace } },
      maintenance: { annotations: { 'mesh.test/port': '1' } },
    };
    const yaml = { replicas: 1, pods, network: { egress: [{ port: 5432 }] } };
    await applyFiles(environmentOn(namespace, stores, 'mesh', { yaml }));
    await rolledOut(namespace, DEPLOYMENT);
    await kubectl(['create', 'job', '-n', namespace, 'once', '--from=cronjob/hexclave-email-queue-step']);
    const [job] = await migrationJobs(namespace);
    for (const name of [job, 'once']) {
      await condition(namespace, `job/${name}`, 'Complete');
      const { items } = await get('pods', '-n', namespace, '-l', `job-name=${name}`);
      for (const { spec } of items) expect(spec.initContainers[0].name).toBe('mesh');
    }
    const [pod] = await serverPods(namespace);
    expect(pod.spec.initContainers.map(({ name }: { name: string }) => name)).toContain('mesh');
    const [once] = (await get('pods', '-n', namespace, '-l', 'job-name=once')).items;
    expect(once.metadata.annotations).toMatchObject({ 'mesh.test/port': '1' });
    expect(pod.metadata.annotations).not.toHaveProperty('mesh.test/port');
  }, 300_000);
});

/** The same database behind what listens inside the pod. */
function throughProxy(url: string): string {
  const { username, password, pathname } = new URL(url);
  return `postgresql://${username}:${password}@127.0.0.1:5433${pathname}`;
}

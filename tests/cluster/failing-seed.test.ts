import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, migrationJobs, serverPods } from './fixtures/environment';
import { list, logs } from './lib/api';
import { tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';

/** What every Job of the namespace has printed so far. */
async function said(namespace: string): Promise<string> {
  const jobs = await migrationJobs(namespace);
  return (await Promise.all(jobs.map((job) => tryKubectl(['logs', '-n', namespace, `job/${job}`]))))
    .map(({ stdout }) => stdout)
    .join('\n');
}

describe('a release whose seed fails', () => {
  const stores = sharedStores();
  const namespace = useNamespace('seed', { create: false });
  const fault = { STAND_IN_FAULT: 'failing-seed' };
  const at = (tag: string, config = {}, yaml = {}) => environmentOn(namespace, stores, 'seed', { tag, config, yaml });
  let old: string[];

  beforeAll(async () => {
    await stores.createDatabase('seed');
    await applyFiles(at('c-1'));
    await rolledOut(namespace, DEPLOYMENT);
    old = (await serverPods(namespace)).map(({ metadata }) => metadata.name);
  });

  it('holds the rollout back while the old pods serve', async () => {
    await applyFiles(at('c-2', fault));
    await eventually('a failed attempt', async () => /step seed failed/.test(await said(namespace)));
    await eventually('the gate says what it waits for', async () => {
      const fresh = (await serverPods(namespace)).find(({ metadata }) => !old.includes(metadata.name));
      return fresh && /waiting for the migration Job/.test(await logs(namespace, fresh.metadata.name, 'release-gate'));
    });
  });

  it('goes through with migration.seed: false, behind a gate that has waited for its Job', async () => {
    await applyFiles(at('c-2', fault, { migration: { seed: false } }));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const [pod] = await serverPods(namespace);
    expect(pod.spec.containers[0].image).toContain(':c-2');
    expect(await logs(namespace, pod.metadata.name, 'release-gate')).toMatch(/the database is ready/);
    expect(await said(namespace)).toMatch(/step seed is skipped/);
    expect(await stores.query('seed', 'SELECT 1 FROM "_HexclaveRelease"')).toHaveLength(2);
    expect(await stores.query('seed', 'SELECT 1 FROM "SchemaMigration"')).toHaveLength(4);
  }, 400_000);
});

describe('a first install with migration.seed: false', () => {
  const stores = sharedStores();
  const namespace = useNamespace('unseeded', { create: false });
  const files = (seed: boolean) =>
    environmentOn(namespace, stores, 'unseeded', { yaml: { migration: { seed }, replicas: 1 } });

  it('ends in a Job that says what to do, and no server starts', async () => {
    await stores.createDatabase('unseeded');
    await applyFiles(files(false));
    await eventually('the refusal', async () => /this database was never seeded/.test(await said(namespace)));
    const pods = await list(namespace, 'pods', 'app.kubernetes.io/component=server');
    expect(pods.map(({ status }) => status.initContainerStatuses?.[0]?.state?.running !== undefined)).toEqual([true]);
  }, 300_000);

  it('becomes ready once the seed is back', async () => {
    await applyFiles(files(true));
    await rolledOut(namespace, DEPLOYMENT, 300);
  }, 400_000);
});

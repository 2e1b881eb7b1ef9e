import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, migrationJobs, serverPods } from './fixtures/environment';
import { list, logs } from './lib/api';
import { tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { request } from './lib/pods';
import { sharedStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';

describe('a migration that fails', () => {
  const stores = sharedStores();
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
      (await request(stores.namespace, 'client', `http://hexclave-api.${namespace}.svc:8102/health?db=1`)).status,
    ).toBe(200);
  });

  it('is mended by applying a release that migrates', async () => {
    await applyFiles(at('c-2'));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const [pod] = await serverPods(namespace);
    expect(pod.spec.containers[0].image).toContain(':c-2');
  }, 400_000);
});

import { describe, expect, it } from 'vitest';
import {
  applyFiles,
  diff,
  environmentOn,
  migrationJobs,
  restarts,
  serverPods,
  versions,
  withFolder,
  withoutServer,
} from './fixtures/environment';
import { kubectl, tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { connectedTo, startStores } from './lib/stores';
import { condition, eventually, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';

describe('a first install with kubectl apply, its database thirty seconds late', () => {
  const storeNamespace = useNamespace('late-stores');
  const namespace = useNamespace('late', { create: false });
  const stores = connectedTo(storeNamespace);
  const files = environmentOn(namespace, stores, 'postgres');

  it('lets the pods wait in their gate and say why', async () => {
    await applyFiles(files);
    await eventually('the reason in the log of the gate', async () =>
      (await kubectl(['logs', '-n', namespace, DEPLOYMENT, '-c', 'release-gate'])).includes('database not ready'),
    );
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const pods = await serverPods(namespace);
    expect(pods).toHaveLength(2);
    for (const pod of pods) expect(pod.status.initContainerStatuses[0].state.running).toBeDefined();
  });

  it('migrates once and becomes ready when the database is there, without a restart on the way', async () => {
    await startStores(storeNamespace);
    await rolledOut(namespace, DEPLOYMENT);
    const [job] = await migrationJobs(namespace);
    await condition(namespace, `job/${job}`, 'Complete');
    expect(await restarts(namespace)).toBe(0);
    const runs = (await stores.log('postgres')).filter(({ kind }) => kind === 'migrate' || kind === 'seed');
    expect(runs.map(({ kind, status }) => [kind, status])).toEqual([
      ['migrate', 0],
      ['seed', 0],
    ]);
    for (const { pod } of runs) expect(pod).toMatch(new RegExp(`^${job}`));
  });

  it('changes nothing when it is applied again, and kubectl diff is empty', async () => {
    const before = await versions(files);
    const lines = await applyFiles(files);
    // kubectl patches the selector of a budget on every apply; that this changes nothing is seen below.
    const budget = 'poddisruptionbudget.policy/hexclave-server configured';
    expect(lines.filter((line) => !line.endsWith(' unchanged') && line !== budget)).toEqual([]);
    expect(await versions(files)).toEqual(before);
    expect(await diff(files)).toMatchObject({ code: 0, stdout: '' });
    expect(await migrationJobs(namespace)).toHaveLength(1);
  });

  it('does not run a second time when the finished Job was deleted and the pods are restarted', async () => {
    const [job] = await migrationJobs(namespace);
    await kubectl(['delete', 'job', '-n', namespace, job!]);
    await kubectl(['delete', 'pods', '-n', namespace, '-l', 'app.kubernetes.io/component=server', '--wait=true']);
    await rolledOut(namespace, DEPLOYMENT);
    expect(await migrationJobs(namespace)).toEqual([]);
    expect((await stores.log('postgres')).filter(({ kind }) => kind === 'migrate')).toHaveLength(1);
  });

  it('comes back from dist/ alone after the namespace was lost', async () => {
    await withoutServer(namespace);
    await kubectl(['delete', 'namespace', namespace, '--wait=true'], { timeout: 170_000 });
    await applyFiles(files);
    await rolledOut(namespace, DEPLOYMENT);
    expect(await restarts(namespace)).toBe(0);
  });

  it('leaves nothing behind when it is deleted', async () => {
    await withoutServer(namespace);
    await withFolder(files, (folder) => kubectl(['delete', '-f', folder, '--wait=true'], { timeout: 170_000 }));
    expect((await tryKubectl(['get', 'namespace', namespace])).stderr).toContain('NotFound');
    const all = ['persistentvolumes', 'clusterroles', 'clusterrolebindings', 'customresourcedefinitions'];
    const left = await kubectl([
      'get',
      all.join(','),
      '-A',
      '-l',
      `app.kubernetes.io/instance=${namespace}`,
      '-o',
      'name',
    ]);
    expect(left.trim()).toBe('');
  });
});

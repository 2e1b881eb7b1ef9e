import { beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, environmentOn, restarts, serverPods } from './fixtures/environment';
import { exec, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { request, startPod } from './lib/pods';
import { connectedTo, startStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

const storeNamespace = useNamespace('restart-stores');
const stores = connectedTo(storeNamespace);

beforeAll(async () => {
  await startStores(storeNamespace);
  await startPod(storeNamespace, 'client');
});

/** Generation A is the one whose marker outlives the container on a volume (server-contract.md §2). */
describe.each(['a-1', 'c-1'])('a server of the image %s', (tag) => {
  const namespace = useNamespace(`restart-${tag}`, { create: false });
  const page = () => request(storeNamespace, 'client', `http://hexclave-dashboard.${namespace}.svc:8101/`);

  beforeAll(async () => {
    await stores.createDatabase(tag);
    await applyFiles(environmentOn(namespace, stores, tag, { tag, yaml: { replicas: 1 } }));
    await rolledOut(namespace, 'deployment/hexclave-server');
  });

  const post = (port: number, path: string) =>
    `node -e "require('http').request({ port: ${port}, path: '${path}', method: 'POST' }).on('error', () => {}).end()"`;

  it.each([
    ['the API crashed', post(8102, '/crash')],
    ['the dashboard crashed', post(8101, '/crash')],
    ['the kernel killed the API for its memory', post(8102, '/memory?mb=2000')],
  ])(
    'comes back in the same pod and serves its pages with the configured values after %s',
    async (_, script) => {
      const [before] = await serverPods(namespace);
      const count = await restarts(namespace);
      await exec(namespace, before.metadata.name, ['bash', '-c', `${script}; true`]).catch(() => {});
      await eventually('a restart', async () => (await restarts(namespace)) === count + 1, 90);
      const answer = await eventually(
        'the page',
        async () => {
          const got = await page();
          return got.status === 200 && got;
        },
        150,
      );
      expect(answer.body).not.toContain('STACK_ENV_VAR_SENTINEL');
      const [after] = await serverPods(namespace);
      expect(after.metadata.uid).toBe(before.metadata.uid);
    },
    300_000,
  );

  it('comes back in another pod after its pod was deleted', async () => {
    await kubectl(['delete', 'pods', '-n', namespace, '-l', 'app.kubernetes.io/component=server', '--wait=true']);
    await rolledOut(namespace, 'deployment/hexclave-server');
    await eventually('the page', async () => (await page()).status === 200);
  }, 300_000);
});

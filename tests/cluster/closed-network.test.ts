import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyScript } from '../../cli/images/copy';
import { listImages } from '../../cli/images/listed';
import { environmentOf, madeUp } from '../support/cases';
import { applyFiles, environmentOn } from './fixtures/environment';
import { list } from './lib/api';
import { apply, kubectl, onNode } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { canServe, crane, publish, registries, startRegistries } from './lib/registry';
import { sharedStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

/** docs/how-to/closed-network.md, step by step. */
describe.runIf(canServe)('images in a private registry', () => {
  const namespace = useNamespace('closed');
  const stores = sharedStores();
  const login = { user: 'hub', password: madeUp('registry of the cluster tests', 24) };
  const hub = `${registries.closed}/hub`;
  const files = environmentOn(namespace, stores, 'closed', {
    yaml: {
      namespace: { name: namespace, create: false },
      replicas: 1,
      registry: hub,
      imagePullSecrets: ['mirror'],
      maintenance: { schedule: '* * * * *' },
    },
  });
  const images = listImages([environmentOf(files)]);

  const home = `/tmp/${namespace}`;
  let stop = async (): Promise<unknown> => undefined;
  afterAll(async () => {
    await stop();
    await onNode(['rm', '-rf', home]);
  });

  beforeAll(async () => {
    await stores.createDatabase('closed');
    stop = await startRegistries(login.user, login.password);
    for (const { origin } of images) await publish(origin);
  });

  it('are copied there by the printed script, after a login', async () => {
    // The registry of the bed in place of the one that the bed does not reach.
    const script = copyScript(images, hub, 'crane').replaceAll('docker.io/', `${registries.open}/`);
    const run = (text: string) =>
      onNode(['env', `PATH=${crane.replace(/\/[^/]*$/, '')}:/usr/bin:/bin`, `HOME=${home}`, 'sh', '-ec', text]);
    await expect(run(script)).rejects.toThrow(/401|UNAUTHORIZED/i);
    await run(`crane auth login ${registries.closed} -u ${login.user} -p ${login.password}`);
    await run(script);
    for (const { image } of images) expect(await run(`crane digest ${image}`)).toMatch(/^sha256:/);
  });

  it('cannot be pulled without the Secret; the pods say so, and start by themselves once it is there', async () => {
    await applyFiles(files);
    await eventually('pods that may not pull', async () => {
      const pods = await list(namespace, 'pods');
      const reasons = pods.flatMap(({ status }) =>
        [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(
          ({ state }) => state.waiting?.reason ?? '',
        ),
      );
      return reasons.some((reason) => /^(ErrImagePull|ImagePullBackOff)$/.test(reason));
    });
    const auth = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    const config = JSON.stringify({ auths: { [registries.closed]: { auth } } });
    await apply([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'mirror', namespace },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': config },
      },
    ]);
    await rolledOut(namespace, 'deployment/hexclave-server', 240);
  }, 300_000);

  it('are all that runs, in the CronJobs as well', async () => {
    await kubectl(['create', 'job', '-n', namespace, 'tick', '--from=cronjob/hexclave-email-queue-step']);
    await eventually(
      'a tick',
      async () => {
        const jobs = await list(namespace, 'jobs');
        return jobs.some(({ metadata, status }) => metadata.name === 'tick' && status.succeeded === 1);
      },
      90,
    );
    const pods = await list(namespace, 'pods');
    const running = pods.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
    expect(new Set(running.map(({ image }) => image))).toEqual(new Set(images.map(({ image }) => image)));
    for (const { image } of images) expect(image.startsWith(hub)).toBe(true);
  }, 120_000);
});

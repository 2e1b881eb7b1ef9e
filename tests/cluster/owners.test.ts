import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { environmentOn, withFolder } from './fixtures/environment';
import { get, kubectl, type Result, tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';
import { eventually } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';
/** What the commands below touch. */
const FILES = ['10-configuration.k8s.yaml', '40-server.k8s.yaml'];
/** How the README applies. Argo CD and Flux do the same under names of their own. */
const DOCUMENTED = ['apply', '--server-side', '--force-conflicts'];
const syncBy = (manager: string) => [...DOCUMENTED, `--field-manager=${manager}`];

// Who owns a field is decided by the API server alone, so no pod has to run: none finds its node.
describe('an apply after what others did to the objects', () => {
  const stores = sharedStores();
  const namespace = useNamespace('owners', { create: false });
  const release = (tag: string, attempt: number, config: Record<string, string>) =>
    environmentOn(namespace, stores, 'owners', {
      tag,
      config,
      yaml: { migration: { attempt }, nodeSelector: { nowhere: 'true' } },
    });
  // The Deployment sets KEEP_ALIVE_TIMEOUT until config.env does; STACK_CHANGELOG_URL is in the ConfigMap until it is not.
  const first = release('c-1', 1, { STACK_CHANGELOG_URL: 'https://acme.test/changes' });
  const second = release('c-2', 1, { KEEP_ALIVE_TIMEOUT: '70000' });
  const third = release('c-2', 2, { KEEP_ALIVE_TIMEOUT: '70000' });

  const tryApply = (files: typeof first, how: readonly string[] = DOCUMENTED): Promise<Result> =>
    withFolder(files, (folder) => tryKubectl([...how, ...FILES.flatMap((file) => ['-f', join(folder, file)])]));
  const apply = async (files: typeof first, how?: readonly string[]) =>
    expect(await tryApply(files, how)).toMatchObject({ code: 0 });
  const run = (...args: string[]) => kubectl([...args, '-n', namespace]);
  const ours = ['deployments,configmaps', '--selector=app.kubernetes.io/name=hexclave'];

  /** What is asked of the cluster; not what says who did it, and when. */
  async function asked() {
    const [deployment] = (await get('-n', namespace, 'deployments', ours[1]!)).items;
    const [configuration] = (await get('-n', namespace, 'configmaps', ours[1]!)).items;
    delete deployment.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'];
    const [server] = deployment.spec.template.spec.containers;
    const env = Object.fromEntries(server.env.map(({ name, ...value }: { name: string }) => [name, value]));
    return { spec: deployment.spec, env, data: configuration.data as Record<string, string>, server };
  }

  /** The same, as the third release is on a cluster that has never seen another. */
  let fresh: Awaited<ReturnType<typeof asked>>;

  beforeEach(async () => {
    if (!fresh) {
      await withFolder(third, (folder) => kubectl([...DOCUMENTED, '-f', folder]));
      fresh = await asked();
    }
    await run('delete', ...ours);
    await apply(first);
    await apply(second);
    await eventually('two revisions', async () => {
      const { metadata } = await get('-n', namespace, DEPLOYMENT);
      return metadata.annotations['deployment.kubernetes.io/revision'] === '2';
    });
  }, 120_000);

  const commands: Record<string, () => Promise<unknown>> = {
    'rollout restart': () => run('rollout', 'restart', DEPLOYMENT),
    'rollout undo': () => run('rollout', 'undo', DEPLOYMENT),
    scale: () => run('scale', DEPLOYMENT, '--replicas=3'),
    'set image': () => run('set', 'image', DEPLOYMENT, '*=docker.io/stackauth/server:b-1'),
    'set env': () => run('set', 'env', DEPLOYMENT, 'OWN=1', '--containers=server'),
    edit: () => {
      process.env.KUBE_EDITOR = 'sed -i s/minReadySeconds:.*/minReadySeconds:\\ 3/';
      return run('edit', DEPLOYMENT);
    },
    'apply on the client’s side': () => apply(second, ['apply']),
    'apply of the earlier files': () => apply(first),
    'a sync by Argo CD': () => apply(third, syncBy('argocd-controller')),
    'a sync by Flux': () => apply(third, syncBy('kustomize-controller')),
  };
  /** Variables that nobody wrote into the files and no apply takes away again, as docs/how-to/upgrade.md says. */
  const LEFT: Record<string, string[]> = { 'rollout undo': ['KEEP_ALIVE_TIMEOUT'], 'set env': ['OWN'] };

  it.each(Object.keys(commands))(
    'makes of the cluster what its files say: %s',
    async (name) => {
      await commands[name]!();
      await apply(third);
      const made = await asked();
      expect(made.data).toEqual(fresh.data);
      const left = LEFT[name] ?? [];
      expect(Object.keys(made.env)).toEqual(expect.arrayContaining(left));
      for (const variable of left) delete made.env[variable];
      expect(made.env).toEqual(fresh.env);
      made.server.env = fresh.server.env;
      expect(made.spec).toEqual(fresh.spec);
    },
    60_000,
  );

  it('works after all of them, one behind the other, each before and behind it', async () => {
    for (const command of Object.values(commands)) {
      await command();
      await apply(second);
    }
    for (const command of Object.values(commands).reverse()) await command();
    await apply(third);
  }, 120_000);

  it.each(['rollout undo', 'scale', 'set image', 'edit'])(
    'without --force-conflicts leaves the Deployment behind: %s',
    async (name) => {
      await commands[name]!();
      const refused = await tryApply(third, ['apply', '--server-side']);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('conflict') });
      expect((await asked()).spec).not.toEqual(fresh.spec);
    },
    60_000,
  );

  it('leaves nothing of an undo after the Deployment was taken from its pods', async () => {
    const pods = async () => (await get('-n', namespace, 'pods')).items.map(({ metadata }: Any) => metadata.uid).sort();
    await commands['rollout undo']!();
    await apply(third);
    const before = await pods();
    await run('delete', DEPLOYMENT, '--cascade=orphan');
    expect(await pods()).toEqual(before);
    await apply(third);
    expect((await asked()).env).toEqual(fresh.env);
    const { uid } = (await get('-n', namespace, DEPLOYMENT)).metadata;
    await eventually('every ReplicaSet has the new Deployment', async () => {
      const { items } = await get('-n', namespace, 'replicasets');
      return items.every(({ metadata }: Any) => metadata.ownerReferences?.[0].uid === uid);
    });
  }, 120_000);

  it('is what kubectl lets go of for Argo CD by an apply of the names alone', async () => {
    await apply(first);
    await apply(first, syncBy('argocd-controller'));
    await withFolder(first, async (folder) => {
      const files = FILES.flatMap((file) => ['-f', join(folder, file)]);
      const names = await kubectl(['get', ...files, '-o', `go-template=${NAMES}`]);
      await kubectl(['apply', '--server-side', '-f', '-'], { input: names });
    });
    await apply(third, syncBy('argocd-controller'));
    const made = await asked();
    expect(made).toEqual(fresh);
  }, 60_000);
});

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
type Any = any;

/** As docs/how-to/gitops.md has it. */
const NAMES = String.raw`{{range .items}}{{printf "---\napiVersion: %s\nkind: %s\nmetadata: { name: %q" .apiVersion .kind .metadata.name}}{{with .metadata.namespace}}{{printf ", namespace: %q" .}}{{end}} }{{"\n"}}{{end}}`;

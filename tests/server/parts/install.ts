import { expect, it } from 'vitest';
import { list } from '../../cluster/lib/api';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import { figure } from '../lib/figures';
import { findProcess, inPod, pods, type Subject, sql } from '../lib/subject';

/** From nothing to a server that is ready, and what that took. */
export function install(subject: Subject): void {
  const { namespace, evaluation } = subject;
  let applied = 0;
  const since = (time: string) => (Date.parse(time) - applied) / 1000;

  it('becomes ready from one apply, with its migrations and seed in a Job, without a restart', async () => {
    applied = Date.now();
    await evaluation.apply();
    const pod = await eventually(
      'the server ready',
      async () => {
        const [found] = await pods(subject);
        const ready = found?.status.conditions?.find(({ type }: { type: string }) => type === 'Ready');
        return ready?.status === 'True' && found;
      },
      900,
    );
    const lines = (
      await kubectl([
        'logs',
        '-n',
        namespace,
        '-l',
        'app.kubernetes.io/component=migration',
        '--timestamps',
        '--tail=-1',
      ])
    ).split('\n');
    const at = (text: string) => {
      const line = lines.find((candidate) => candidate.includes(text));
      if (!line) throw new Error(`the migration says nothing of "${text}"`);
      return line.split(' ')[0]!;
    };
    const [migrate, seed, end] = ['step migrate starts', 'step seed starts', 'is recorded, and its pods may start'].map(
      at,
    ) as [string, string, string];
    figure('install', 'migrate, on an empty database', since(seed) - since(migrate), 's');
    figure('install', 'seed', since(end) - since(seed), 's');
    figure('install', 'migrated and seeded after', since(end), 's after the apply');
    const { startedAt } = pod.status.containerStatuses[0].state.running;
    const ready = pod.status.conditions.find(({ type }: { type: string }) => type === 'Ready').lastTransitionTime;
    figure('install', 'copied, rewritten and started', since(ready) - since(startedAt), 's');
    figure('install', 'ready after', since(ready), 's after the apply');
    for (const { metadata, status } of await list(namespace, 'pods')) {
      const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      for (const { restartCount } of containers) expect(restartCount, metadata.name).toBe(0);
    }
  }, 960_000);

  it('runs what it is asked to run', async () => {
    const [pod] = await pods(subject);
    const node = await get('node', pod.spec.nodeName);
    const [name] = subject.image.split('@');
    const image = node.status.images.find(({ names }: { names: string[] }) => names?.some((held) => held === name));
    figure('image', 'reference', subject.image);
    if (image) figure('image', 'size, as the node keeps it', image.sizeBytes / 1e6, 'MB');
    figure('image', 'migrations', (await sql(subject, 'SELECT 1 FROM "SchemaMigration"')).length);
    const work = await inPod(subject, pod.metadata.name, 'du -sk "$STACK_RUNTIME_WORK_DIR" | cut -f 1');
    figure('image', 'work directory', (Number(work) * 1024) / 1e6, 'MB');
    figure('image', 'Node', (await inPod(subject, pod.metadata.name, 'node --version')).trim());
    expect(await inPod(subject, pod.metadata.name, findProcess('API'))).toMatch(/^\d+\n$/);
    expect(await inPod(subject, pod.metadata.name, findProcess('dashboard'))).toMatch(/^\d+\n$/);
  });

  it('changes nothing when it is applied again', async () => {
    const before = await evaluation.versions();
    await evaluation.apply();
    expect(await evaluation.versions()).toEqual(before);
    figure('install', 'second apply', 'changes no object');
  });
}

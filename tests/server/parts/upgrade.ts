import { expect, it } from 'vitest';
import { list } from '../../cluster/lib/api';
import { kubectl, tryKubectl } from '../../cluster/lib/kubectl';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { figure } from '../lib/figures';
import { DEPLOYMENT, pods, type Subject, sql, withImage } from '../lib/subject';
import { underLoad } from './load';

/** To another image and back, with requests all the time. */
export function upgrade(subject: Subject): void {
  const { namespace, evaluation, image, next } = subject;
  const jobs = async () => (await list(namespace, 'jobs', 'app.kubernetes.io/component=migration')).length;
  const migrations = async () => (await sql(subject, 'SELECT 1 FROM "SchemaMigration"')).length;
  const rollout = async (what: string, work: () => Promise<unknown>) => {
    const { took, load } = await underLoad(subject, async () => {
      await work();
      await rolledOut(namespace, DEPLOYMENT, 900);
    });
    const failed = load.requests - (load.statuses[200] ?? 0);
    figure('upgrade', `${what}, one pod`, `${took.toFixed(0)} s; ${load.requests} requests, ${failed} failed`);
    expect(load.failures).toEqual([]);
  };

  it('runs its migrations and its seed again on a full database, and restarts without a failed request', async () => {
    const before = await migrations();
    evaluation.change((yaml) => `${yaml.trimEnd()}\nmigration: { attempt: 1 }\n`);
    await rollout('rolling restart, with the migrations run again', () => evaluation.apply());
    expect(await migrations()).toBe(before);
    expect(await jobs()).toBe(2);
  }, 1_200_000);

  it.skipIf(!next)(
    'is upgraded by a Job of its own and without a failed request',
    async () => {
      evaluation.change(withImage(next!));
      await rollout('upgrade to the next image', () => evaluation.apply());
      expect(await jobs()).toBe(3);
      const [pod] = await pods(subject);
      expect(pod.spec.containers[0].image).toBe(next);
    },
    1_200_000,
  );

  it.skipIf(!next)(
    'goes back by rollout undo, at once and without a failed request',
    async () => {
      await rollout('rollout undo', () => kubectl(['rollout', 'undo', '-n', namespace, DEPLOYMENT]));
      const [pod] = await pods(subject);
      expect(pod.spec.containers[0].image).toBe(image);
      expect(await jobs()).toBe(3);
    },
    1_200_000,
  );

  it.skipIf(!process.env.HEXCLAVE_IMAGE_BROKEN)(
    'goes on serving while a migration fails, and says why the new pods wait',
    async () => {
      const before = (await pods(subject)).map(({ metadata }) => metadata.uid);
      evaluation.change(withImage(process.env.HEXCLAVE_IMAGE_BROKEN!));
      await evaluation.apply();
      const words = async () =>
        (await tryKubectl(['logs', '-n', namespace, '-l', 'app.kubernetes.io/component=migration', '--tail=-1']))
          .stdout;
      await eventually('the reason', async () => (await words()).includes('division by zero'), 300);
      const serving = (await pods(subject)).filter(({ status }) => status.containerStatuses?.[0]?.ready);
      expect(serving.map(({ metadata }) => metadata.uid)).toEqual(before);
      figure('upgrade', 'a migration that fails', 'the pods of before serve; its Job and the gates say why');
    },
    600_000,
  );
}

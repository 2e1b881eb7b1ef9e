import { setTimeout as sleep } from 'node:timers/promises';
import { one } from './api';
import { kubectl, tryKubectl } from './kubectl';

/**
 * Asks until the answer is neither undefined nor false, and returns it; a refusal in between counts as "not yet". On a busy
 * machine, where an answer takes its time, it asks less often.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  seconds = 60,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + seconds * 1000;
  for (let last = 'nothing', asked = 0; ; await sleep(Math.max(300, Date.now() - asked))) {
    asked = Date.now();
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
      last = String(answer);
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}. Last answer: ${last}`);
  }
}

/** Waits for a condition of a pod or Job, e.g. `condition('ns', 'job/migrate', 'Complete')`. The object need not exist yet. */
export async function condition(namespace: string, object: `${'pod' | 'job'}/${string}`, name: string, seconds = 120) {
  const [kind, own] = object.split('/') as ['pod' | 'job', string];
  await eventually(
    `${object} is ${name}`,
    async () => {
      const { status } = await one(namespace, `${kind}s`, own);
      const found = (status.conditions ?? []).find(({ type }: { type: string }) => type === name);
      if (found?.status === 'True') return true;
      throw new Error(JSON.stringify(status));
    },
    seconds,
  );
}

/** Waits until a Deployment or StatefulSet has rolled out. */
export async function rolledOut(namespace: string, object: string, seconds = 180): Promise<void> {
  await kubectl(['rollout', 'status', '-n', namespace, object, `--timeout=${seconds}s`], {
    timeout: (seconds + 10) * 1000,
  });
}

/** Everything that explains a failure in a namespace, for a person to read. */
export async function dump(namespace: string): Promise<string> {
  const parts: string[] = [];
  const show = async (title: string, args: string[]) => {
    const { stdout, stderr } = await tryKubectl([...args, '-n', namespace]);
    parts.push(`--- ${title}\n${stdout}${stderr}`);
  };
  await show('objects', ['get', 'all,networkpolicy,pvc', '-o', 'wide']);
  await show('events', ['get', 'events', '--sort-by=.lastTimestamp']);
  await show('pods', ['describe', 'pods']);
  const pods = (await tryKubectl(['get', 'pods', '-n', namespace, '-o', 'name'])).stdout.split('\n').filter(Boolean);
  for (const pod of pods) {
    await show(`logs of ${pod}`, ['logs', pod, '--all-containers', '--prefix', '--tail=60']);
    const before = await tryKubectl(['logs', pod, '--previous', '--tail=30', '-n', namespace]);
    if (before.code === 0) parts.push(`--- before the restart of ${pod}\n${before.stdout}`);
  }
  return parts.join('\n');
}

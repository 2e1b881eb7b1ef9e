import { type Cluster, type Item, kubectl } from '../kubectl';
import { componentOf, containerStates, type Log, podsOf, type Unseen } from './facts';
import { note } from './unseen';

/** A container whose last words are worth reading. */
interface Wanted {
  readonly pod: Item;
  readonly container: string;
  readonly previous: boolean;
}

/** The last lines of what runs, waits or has failed. */
export async function gatherLogs(cluster: Cluster, items: readonly Item[], unseen: Unseen[]): Promise<Log[]> {
  const left = wantedLogs(items).entries();
  const logs: Log[] = [];
  let denied = '';
  const worker = async () => {
    for (const [index, { pod, container, previous }] of left) {
      const name = pod.metadata.name;
      const args = ['logs', name, '-n', cluster.namespace, '-c', container, '--tail', LINES, '--limit-bytes', BYTES];
      const answer = await kubectl(cluster, [...args, ...(previous ? ['--previous'] : [])]);
      // A container that has not started, or whose log is gone, has none.
      if (answer.code !== 0 && /forbidden/i.test(answer.stderr)) denied = answer.stderr;
      if (answer.code !== 0) continue;
      logs[index] = { pod: name, component: componentOf(pod), container, previous, lines: linesOf(answer.stdout) };
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  if (denied) note(unseen, denied, { group: '', resource: 'pods/log' }, 'get');
  return logs.filter((log) => log !== undefined);
}

const LINES = '300';
const BYTES = '200000';
/** Pods of one component say the same. */
const MOST_PODS = 4;

function wantedLogs(items: readonly Item[]): Wanted[] {
  const seen = new Map<string, number>();
  return podsOf({ items }).flatMap((pod): Wanted[] => {
    const component = componentOf(pod);
    const number = seen.get(ownerOf(pod)) ?? 0;
    seen.set(ownerOf(pod), number + 1);
    if (component === '' || number >= MOST_PODS) return [];
    if (component === 'maintenance' && pod.status?.phase === 'Succeeded') return [];
    return containerStates(pod).flatMap(({ name, state, restartCount, lastState }) => {
      // Between two starts it is the one that ended whose log is there.
      const started = state?.running || state?.terminated || lastState?.terminated;
      return [
        ...(started ? [{ pod, container: name, previous: false }] : []),
        ...(restartCount > 0 && lastState?.terminated ? [{ pod, container: name, previous: true }] : []),
      ];
    });
  });
}

function ownerOf({ metadata }: Item): string {
  return metadata.ownerReferences?.[0]?.name ?? metadata.name;
}

function linesOf(text: string): string[] {
  // kubectl prints it in the place of a log that the node has thrown away.
  if (/^unable to retrieve container logs/.test(text)) return [];
  return text.split('\n').filter((line) => line.trim() !== '');
}

import { type Document, idOf } from '../../charts/documents';
import { type Answer, type Cluster, complaints, type Item, itemsOf, kubectl } from '../kubectl';

/** What an object is and what an apply would make of it. */
export interface State {
  /** As the manifests have it. */
  readonly wanted: Document;
  /** As it is in the cluster. @default - it is not there */
  readonly live?: Item;
  /** As the API server says it would be. @default - it refuses, or could not be asked, see `refusal` */
  readonly merged?: Item;
  /** Why the API server would not take it, in its words. */
  readonly refusal?: string;
}

export interface States {
  readonly states: readonly State[];
  /** The name under which the objects are applied, which decides what is removed. */
  readonly manager: string;
  /** What the API server says besides, such as that an API is going away. */
  readonly warnings: readonly string[];
}

/**
 * Asks the API server to do an apply without keeping it: `kubectl apply --server-side --dry-run=server`, the request that
 * `kubectl diff --server-side` makes. That one ends at the first object that is refused and shows text; here all others are
 * compared all the same, as data.
 */
export async function readStates(cluster: Cluster, wanted: readonly Document[]): Promise<States> {
  if (!(await isThere(cluster))) {
    return { states: wanted.map((object) => ({ wanted: object })), manager: KUBECTL, warnings: [] };
  }
  const live = await readLive(cluster, wanted);
  const manager = managerOf([...live.values()]);
  const answers = await inParallel(chunks(wanted), (objects) => readMerged(cluster, objects, manager));
  const outcomes = new Map(answers.flatMap(({ outcome }) => outcome));
  const states = wanted.map((object) => ({
    wanted: object,
    live: live.get(keyOf(object)),
    ...outcomes.get(keyOf(object)),
  }));
  return { states, manager, warnings: [...new Set(answers.flatMap((answer) => answer.warnings))] };
}

/** `Kind/name` in its group; versions of a group are one object. */
export function keyOf(object: Document): string {
  return `${String(object.apiVersion).split('/').slice(0, -1).join('/')} ${object.metadata?.namespace ?? ''} ${idOf(object)}`;
}

const KUBECTL = 'kubectl';

async function isThere(cluster: Cluster): Promise<boolean> {
  const answer = await kubectl(cluster, ['get', 'namespace', cluster.namespace, '--ignore-not-found', '-o', 'name']);
  // Who may not look is told so by what follows.
  return answer.code !== 0 || answer.stdout.trim() !== '';
}

async function readLive(cluster: Cluster, wanted: readonly Document[]): Promise<Map<string, Item>> {
  const args = ['get', '-f', '-', '-o', 'json', '--ignore-not-found', '--show-managed-fields'];
  const answer = await kubectl(cluster, args, listOf(wanted));
  const items =
    answer.code === 0
      ? itemsOf(answer)
      : (await inParallel(wanted, async (object) => itemsOf(await kubectl(cluster, args, listOf([object]))))).flat();
  return new Map(items.map((item) => [keyOf(item), item]));
}

function dryRun(cluster: Cluster, objects: readonly Document[], manager: string) {
  const args = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-o', 'json', '-f', '-'];
  return kubectl(cluster, [...args, `--field-manager=${manager}`], listOf(objects));
}

/** What the API server would make of some objects. Only when one of them is refused it is asked for each by itself, which says which. */
async function readMerged(cluster: Cluster, objects: readonly Document[], manager: string): Promise<Merged> {
  const answer = await dryRun(cluster, objects, manager);
  const warnings = warningsOf(answer);
  if (answer.code === 0) {
    return { outcome: itemsOf(answer).map((item) => [keyOf(item), { merged: item }]), warnings };
  }
  if (objects.length === 1) {
    return { outcome: [[keyOf(objects[0]!), { refusal: complaints(answer).join(' ') }]], warnings };
  }
  const each = await Promise.all(objects.map((object) => readMerged(cluster, [object], manager)));
  return { outcome: each.flatMap(({ outcome }) => outcome), warnings };
}

interface Merged {
  /** By key of the object. */
  readonly outcome: readonly (readonly [string, Pick<State, 'merged' | 'refusal'>])[];
  readonly warnings: readonly string[];
}

/** kubectl asks for one after the other, with a pause after ten: several at once take a third of the time. */
function chunks(objects: readonly Document[]): Document[][] {
  const size = 6;
  return Array.from({ length: Math.ceil(objects.length / size) }, (_, index) =>
    objects.slice(index * size, (index + 1) * size),
  );
}

/**
 * Who applies these objects: fields that a manifest no longer has go only for their own manager, so Argo CD's and Flux's objects
 * are compared in their name.
 */
function managerOf(items: readonly Item[]): string {
  const count = new Map<string, number>();
  for (const { manager, operation, subresource } of items.flatMap(({ metadata }) => metadata.managedFields ?? [])) {
    if (operation === 'Apply' && !subresource) count.set(manager, (count.get(manager) ?? 0) + 1);
  }
  const [most] = [...count].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return most?.[0] ?? KUBECTL;
}

function listOf(items: readonly Document[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** What kubectl cannot do in a dry run, it warns of each time. */
function warningsOf({ stderr }: Answer): string[] {
  const lines = stderr.split('\n').filter((line) => /^Warning: (?!failed to migrate)/i.test(line));
  return lines.map((line) => line.slice('Warning: '.length));
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return results;
}

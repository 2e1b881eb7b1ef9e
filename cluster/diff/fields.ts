import { holdsCredential } from '../../config/secrets/credential';
import type { Item } from '../kubectl';

/** One field that is another. Absent values are undefined. */
export interface Field {
  /** As people write it: `spec.template.spec.containers[server].image`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two states of an object, without what the API server and controllers keep account of. */
export function changedFields(before: Item, after: Item): Field[] {
  return [...walk('', withoutNoise(before), withoutNoise(after))];
}

/** A value as a line shows it: short, and never one that holds a credential. */
export function shown(value: unknown): string {
  if (value === undefined) return '(nothing)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (holdsCredential(text)) return '(withheld)';
  if (text.includes('\n')) return `(a text of ${text.split('\n').length} lines)`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || '""';
}

const LONGEST = 80;

function withoutNoise({ status, ...object }: Item): Item {
  const { managedFields, resourceVersion, uid, generation, creationTimestamp, selfLink, ...metadata } = object.metadata;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !BOOKKEEPING.has(name));
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } };
}

const BOOKKEEPING = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
]);

function* walk(path: string, before: unknown, after: unknown): Iterable<Field> {
  const [a, b] = [named(before), named(after)];
  if (!a || !b) {
    if (JSON.stringify(before) !== JSON.stringify(after)) yield { path, before, after };
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(key), b.get(key)];
    // Absent, null and empty are one to the API.
    if (isEmpty(one) && isEmpty(other)) continue;
    yield* walk(join(path, key, Array.isArray(after)), one, other);
  }
}

/** The members of a map, or of a list by what Kubernetes merges such lists by; undefined for everything else. */
function named(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((item) => item?.name ?? item?.mountPath ?? item?.type);
  const unique = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  // A list of plain values is one value.
  if (!unique && value.some((item) => typeof item !== 'object')) return undefined;
  return new Map(value.map((item, index) => [unique ? String(names[index]) : String(index), item]));
}

function join(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  if (path === '') return key;
  return /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)
  );
}

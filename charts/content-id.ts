import { createHash } from 'node:crypto';

/**
 * Ten hex digits that are others when any of the values is another: for the name of a Job, whose content cannot be changed
 * once it is in the cluster. The order of the keys does not count.
 */
export function contentId(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values, sorted)).digest('hex').slice(0, 10);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

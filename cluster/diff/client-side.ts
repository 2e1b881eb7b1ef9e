import type { Document } from '../../charts/documents';
import type { Item } from '../kubectl';

/**
 * What a server-side apply makes of an object that was applied on the client's side before. kubectl then takes the old apply's
 * fields over in a second step, and what the manifests no longer have goes with it; a dry run ends before that step.
 */
export function withoutDropped(live: Item, merged: Item, wanted: Document): Item {
  const text = live.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
  const managers: Item[] = live.metadata.managedFields ?? [];
  const isOld = managers.some(({ manager, operation }) => manager === CLIENT_SIDE && operation === 'Update');
  return isOld && text ? dropped(merged, JSON.parse(text), wanted) : merged;
}

const CLIENT_SIDE = 'kubectl-client-side-apply';

/** What is there, without what the last apply had and this one has not. */
function dropped(there: Item, last: Item, now: Item): Item {
  if (Array.isArray(there) && Array.isArray(last) && Array.isArray(now)) {
    return there.every((item) => typeof item?.name === 'string') ? droppedFromList(there, last, now) : there;
  }
  if (![there, last, now].every((value) => typeof value === 'object' && value !== null)) return there;
  const entries = Object.entries(there)
    .filter(([key]) => !(key in last && now[key] === undefined))
    .map(([key, value]) => [key, dropped(value, last[key], now[key])]);
  return Object.fromEntries(entries);
}

function droppedFromList(there: Item[], last: Item[], now: Item[]): Item[] {
  const named = (list: Item[], name: string) => list.find((item) => item?.name === name);
  return there
    .filter(({ name }) => !(named(last, name) && !named(now, name)))
    .map((item) => dropped(item, named(last, item.name), named(now, item.name)));
}

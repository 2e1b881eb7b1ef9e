import type { Settings } from './settings';
import type { PodField, PodGroup, PodSettings } from './settings/pods';

/** What `pods` says of one group: maps laid over each other, lists put together, single values from the narrower block. */
export function podSettings({ pods }: Pick<Settings, 'pods'>, group: PodGroup): PodSettings {
  const { all = {}, [group]: own = {} } = pods;
  if (group === 'all') return all;
  const fields = new Set([...Object.keys(all), ...Object.keys(own)] as PodField[]);
  return Object.fromEntries([...fields].map((field) => [field, laidOver(all[field], own[field])]));
}

/** What CloudNativePG's operator can be told about the pods it makes; of a ServiceAccount, its annotations. */
export const CLUSTER_FIELDS: readonly PodField[] = [
  'annotations',
  'labels',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
];

function laidOver(under: unknown, over: unknown): unknown {
  if (under === undefined || over === undefined) return over ?? under;
  if (Array.isArray(under) && Array.isArray(over)) return [...under, ...over];
  if (!isMap(under) || !isMap(over)) return over;
  const names = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((name) => [name, laidOver(under[name], over[name])]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { canonicalName } from '../contract';
import type { Settings } from '../settings';

export type ExternalMode = Extract<Settings['secrets'], { mode: 'external-secrets' }>;

export type RemoteRef = ExternalMode['remoteRefs'][string];

/** Where a variable is in the store; undefined when nothing says. An entry or a field is named as the user spells the variable. */
export function remoteRef(mode: ExternalMode, variable: string): RemoteRef | undefined {
  const own = Object.entries(mode.remoteRefs).find(([written]) => canonicalName(written) === variable);
  if (own) return own[1];
  if (!mode.from) return undefined;
  const written = mode.variables.find((name) => canonicalName(name) === variable) ?? variable;
  return 'key' in mode.from ? { key: mode.from.key, property: written } : { key: `${mode.from.prefix}${written}` };
}

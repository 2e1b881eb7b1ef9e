import type { Assignment, Draft, Reference } from '../draft';
import type { Place } from '../finding';
import type { Settings } from '../settings';
import { clickhouse } from './clickhouse';
import { mailpit } from './mailpit';
import { postgres } from './postgres';
import { renderer } from './renderer';
import { seaweedfs } from './seaweedfs';
import type { Provision, Store } from './store';
import { svix } from './svix';

/** The stores that can run in the namespace. */
const stores: readonly Store[] = [postgres, clickhouse, mailpit, seaweedfs, svix, renderer];

/** What the stores of an environment set, from its settings and the secrets that are known. */
export function provisions(settings: Settings, secret: (name: string) => string | undefined): Provision[] {
  return stores.flatMap((store) => store(settings, secret) ?? []);
}

/** Adds what the stores set to what the files say. A value written by hand is a finding when it is another one. */
export function provide(
  settings: Settings,
  written: ReadonlyMap<string, Assignment>,
  referenced: ReadonlyMap<string, Reference>,
  place: (path: string) => Place,
): Pick<Draft, 'values' | 'references' | 'provisions'> {
  const found = provisions(settings, (name) =>
    referenced.has(name) ? undefined : written.get(name)?.value || undefined,
  );
  const values = new Map(written);
  const references = new Map(referenced);
  for (const { setting, variables } of found) {
    for (const [name, value] of Object.entries(variables)) {
      const at = { ...place(setting), name, written: name };
      if (value === undefined || referenced.has(name)) continue;
      if (typeof value === 'string') values.set(name, { ...at, value, source: 'derived' });
      else references.set(name, { ...at, ...value, derived: true });
    }
  }
  return { values, references, provisions: found };
}

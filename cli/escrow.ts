import { variable } from '../config/contract';
import type { Draft } from '../config/draft';
import { rotationIn } from '../config/rotation';
import { known, present } from '../config/rules/read';
import { fingerprints } from '../config/secrets/fingerprint';
import { out, paint } from './terminal';

/** What no backup of a database holds, and what it takes to read one: kept off the cluster, and lost for good otherwise. */
const ESCROW: readonly string[] = ['STACK_SERVER_SECRET', 'BACKUP_PASSWORD'];

/** One secret of which a copy belongs elsewhere. Never its value. */
interface Escrowed {
  readonly name: string;
  readonly why: string;
  /** By which a copy is told from another value; null when the value is not known here. */
  readonly fingerprint: string | null;
}

/** Prints which secrets are to be kept off the cluster, each with what is lost without it and its fingerprint. */
export function escrow(draft: Draft, format: 'text' | 'json' = 'text'): number {
  const list = escrowed(draft);
  if (format === 'json') {
    out(`${JSON.stringify({ environment: draft.name, escrow: list }, null, 2)}\n`);
    return 0;
  }
  const lines = list.map(({ name, why, fingerprint }) => {
    const mark = fingerprint ?? 'unknown here: the value is in the cluster or in a store';
    return `${paint(1, 'bold', name)}\n  without it: ${why}\n  fingerprint: ${mark}\n`;
  });
  out(
    `Keep copies of these off the cluster. The fingerprint of a copy is the same: put it into secrets.env and run this again.\n\n${lines.join('\n')}`,
  );
  return 0;
}

function escrowed(draft: Draft): Escrowed[] {
  const names = ESCROW.filter((name) => name !== 'BACKUP_PASSWORD' || draft.settings.backup);
  const values = [...draft.values.keys()].flatMap((name) => {
    const value = known(draft, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const marks = fingerprints(Object.fromEntries(values));
  const others = [...draft.values.values()]
    .filter(({ name, source }) => source === 'secrets.env' && !names.includes(name) && present(draft, name))
    .map(({ name }) => name)
    .sort();
  return [...names, ...others].map((name) => ({
    name,
    why: WHY[name] ?? rotationIn(draft, name).breaks,
    fingerprint: marks[name] ?? draft.held?.get(name)?.mark ?? null,
  }));
}

const WHY: Readonly<Record<string, string>> = {
  STACK_SERVER_SECRET: `a restored database is of little use: ${variable('STACK_SERVER_SECRET')!.doc.toLowerCase()}`,
  BACKUP_PASSWORD: 'no backup can be read, by nobody.',
};

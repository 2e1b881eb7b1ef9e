import { adoptedName, meaning } from '../../config/aliases';
import { contract, nearestName, type Variable, variable } from '../../config/contract';
import type { Entry } from '../../config/env-file';
import { printable } from '../../config/env-file-findings';
import { belongsInSecret } from '../../config/secrets/credential';
import { CONFIG_HEADER, SECRETS_HEADER } from './files';
import { freshSecret } from './fresh-secret';

/** The env files made from one of Docker's, and what became of each of its lines. */
export interface ImportedEnvFiles {
  readonly config: string;
  readonly secrets: string;
  readonly remarks: readonly Remark[];
  /** Secrets that the file lacks and that were made. */
  readonly generated: readonly string[];
}

/** What became of a line. Names only, never a value. */
export interface Remark {
  readonly line: number;
  readonly name: string;
  readonly fate: string;
  /** The user should have a look. */
  readonly attention?: true;
}

/**
 * Splits the lines by the contract into what is secret and what is not, under the contract's names and with the values
 * as they are. Comments stay behind: `config.env` goes into git, and people keep old passwords in comments.
 */
export function importEnvFile(entries: readonly Entry[]): ImportedEnvFiles {
  const remarks: Remark[] = [];
  const config: string[] = [];
  const secrets: string[] = [];
  const last = new Map(entries.map((entry) => [entry.name, entry]));
  const spellings = (name: string) => [...last.values()].filter((entry) => adoptedName(entry.name) === name);
  const isSet = (name: string) => spellings(name).some(({ value }) => value !== '');
  const present = new Set<string>();
  for (const entry of entries) {
    const winner = last.get(entry.name)!;
    const name = adoptedName(entry.name);
    const known = variable(name);
    const note = (fate: string, attention?: true) =>
      remarks.push({ line: entry.line, name: printable(entry.name), fate, attention });
    if (winner !== entry) {
      note(`left out: line ${winner.line} sets it again, and Docker takes the last`);
      continue;
    }
    if (known?.owner) {
      note(`left out: ${OWNERS[known.owner]}`);
      continue;
    }
    const others = spellings(name).filter((other) => other !== entry && other.value !== '');
    if (entry.value === '' && (others.length > 0 || (known?.required && freshSecret(name)))) {
      note(others.length > 0 ? `left out: it is empty, and line ${others[0]!.line} has a value` : 'was empty');
      continue;
    }
    present.add(name);
    const rival = others.find((other) => other.value !== entry.value);
    if (!rival && others.some((other) => other.line < entry.line)) {
      note(`left out: line ${others[0]!.line} says the same under another name`);
      continue;
    }
    const written = rival ? entry.name : name;
    const file = belongsInSecret({ name, value: entry.value }) ? 'secrets.env' : 'config.env';
    (file === 'secrets.env' ? secrets : config).push(`${written}=${entry.value}\n`);
    if (rival) note(`to ${file}, but line ${rival.line} sets the same variable to another value: keep one`, true);
    else if (!known) note(`to ${file}, though the server knows no such variable${suggestion(name, isSet)}`, true);
    else note(`to ${file}${written === entry.name ? '' : ` as ${name}`}`);
  }
  const generated = missingSecrets(present);
  for (const name of generated) secrets.push(`${name}=${freshSecret(name)}\n`);
  return {
    config: `${CONFIG_HEADER}\n${config.join('')}`,
    secrets: `${SECRETS_HEADER}\n${secrets.join('')}`,
    remarks,
    generated,
  };
}

const OWNERS: Readonly<Record<NonNullable<Variable['owner']>, string>> = {
  image: 'the image sets it',
  entrypoint: 'the image’s entrypoint sets it',
  manifests: 'the manifests set it',
};

function suggestion(name: string, isSet: (name: string) => boolean): string {
  const parts = meaning(name)?.names.filter((of) => !isSet(of)) ?? [];
  if (parts.length > 0) return `: it reads ${parts.join(', ')} instead, which you have to put together by hand`;
  const near = nearestName(name, isSet);
  return near ? `; did you mean ${near}?` : '';
}

function missingSecrets(present: ReadonlySet<string>): string[] {
  return contract
    .filter((item) => item.required && !present.has(item.name) && freshSecret(item.name))
    .map((item) => item.name);
}

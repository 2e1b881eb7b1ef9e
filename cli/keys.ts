import { contract, looksSecret, variable } from '../config/contract';
import type { Draft } from '../config/draft';
import type { Finding } from '../config/finding';
import { BACKUP_SECRET, MIGRATION_URL, SECRET_NAME, secretOf } from '../config/secrets/names';
import { remoteRef } from '../config/secrets/remote';
import { escrow } from './escrow';
import { Failure } from './failure';
import { loadOne } from './load';
import { report } from './report';
import { out, paint } from './terminal';

export interface KeysOptions {
  /** @default text */
  readonly format?: 'text' | 'json';
  /** Lists the variables nobody needs or has set as well. @default false */
  readonly all?: boolean;
  /** What is to be kept off the cluster, in place of the list. @default false */
  readonly escrow?: boolean;
}

/** One variable of an environment. Never its value. */
export interface Key {
  readonly name: string;
  readonly secret: boolean;
  readonly required: boolean;
  /** Undefined when only the cluster knows. */
  readonly set: boolean | undefined;
  /** Where its value is, or would be. */
  readonly where: string;
}

/** Lists the variables an environment needs and those it has, without any value. */
export function keys(name: string, options: KeysOptions = {}): number {
  const { draft, findings } = loadOne(name);
  if (!draft) {
    report(unrelated(findings));
    throw new Failure('environment.yaml has errors, so nobody can say what the environment has', 1);
  }
  if (options.escrow) return escrow(draft, options.format);
  const listed = keysOf(draft).filter((key) => options.all || key.required || key.set);
  if (options.format === 'json') out(`${JSON.stringify({ environment: name, keys: listed }, null, 2)}\n`);
  else out(table(listed));
  return 0;
}

function keysOf(draft: Draft): Key[] {
  const own = contract.filter(({ owner, group }) => !owner && group !== 'development').map(({ name }) => name);
  const written = [...draft.values.keys(), ...draft.references.keys(), ...(draft.held?.keys() ?? [])];
  return [...new Set([...own, ...written.sort()])].map((name) => {
    const about = variable(name);
    const secret = about?.secret ?? (draft.values.get(name)?.source === 'secrets.env' || looksSecret(name));
    return { name, secret, required: about?.required === true, ...place(draft, name, secret) };
  });
}

function place(draft: Draft, name: string, secret: boolean): Pick<Key, 'set' | 'where'> {
  const { secrets } = draft.settings;
  const reference = draft.references.get(name);
  if (reference) return { set: true, where: `Secret ${reference.secret}, key ${reference.key}` };
  const held = draft.held?.get(name);
  if (held && secrets.mode === 'external-secrets') {
    const at = remoteRef(secrets, name);
    return {
      set: true,
      where: `store ${secrets.store.name}${at ? `: ${[at.key, at.property].filter(Boolean).join(', ')}` : ''}`,
    };
  }
  if (held) return { set: true, where: `${held.file}:${held.line}` };
  const item = draft.values.get(name);
  if (item && item.value !== '') return { set: true, where: `${item.file}:${item.line}` };
  if (secret && secrets.mode === 'existing') {
    return {
      set: undefined,
      where:
        name === MIGRATION_URL
          ? `env: { ${name}: … }`
          : `Secret ${secretOf(name) === BACKUP_SECRET ? BACKUP_SECRET : secrets.name}, key ${name}`,
    };
  }
  return {
    set: false,
    where: secretOf(name) !== SECRET_NAME && !item ? `for the Secret ${secretOf(name)}` : draft.home(name).file,
  };
}

function table(rows: readonly Key[]): string {
  const cells = rows.map(({ name, secret, required, set, where }) => [
    name,
    secret ? 'secret' : '',
    required ? 'required' : '',
    set === undefined ? 'see preflight' : set ? 'set' : 'not set',
    where,
  ]);
  const header = ['VARIABLE', '', '', '', 'WHERE'];
  const widths = header.map((_, column) => Math.max(...[header, ...cells].map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const colour = (row: readonly string[]) => (row[2] && row[3] === 'not set' ? paint(1, 'red', line(row)) : line(row));
  return `${[paint(1, 'bold', line(header)), ...cells.map(colour)].join('\n')}\n`;
}

function unrelated(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ file }) => file.endsWith('environment.yaml'));
}

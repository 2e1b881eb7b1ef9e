import type { Group, Variable } from '../../config/contract';
import { generations } from '../../config/contract/generations';
import { kindNames } from '../../config/contract/kinds';
import { code, NOTICE, table } from './markdown';

export function variablesPage(contract: readonly Variable[]): string {
  const settable = contract.filter((item) => !item.owner);
  const sections = (Object.keys(titles) as Group[]).map((group) => {
    const rows = settable.filter((item) => item.group === group).map(row);
    return rows.length === 0 ? '' : `\n## ${titles[group]}\n\n${table(['Variable', 'Kind', 'Meaning'], rows)}`;
  });
  const owned = contract.filter((item) => item.owner);
  return `${NOTICE}

# Variables of the server

What \`config.env\` and \`secrets.env\` may hold. Every \`STACK_X\` may be written as \`HEXCLAVE_X\`; write one of the two. Secret
ones belong into \`secrets.env\`. A variable that is not listed is passed on with a warning.
${sections.join('')}
## Not yours to set

The image, its entrypoint or the manifests set these; a line with one of them is an error, and \`init --from\` leaves it out.

${table(
  ['Variable', 'Set by', 'Meaning'],
  owned.map((item) => [code(item.name), item.owner!, item.doc]),
)}`;
}

const titles: Readonly<Record<Group, string>> = {
  core: 'Core',
  seed: 'First administrator and internal project',
  email: 'E-mail',
  webhooks: 'Webhooks',
  storage: 'Object storage',
  ai: 'AI and optional services',
  payments: 'Payments',
  oauth: 'Shared OAuth apps',
  vault: 'Data vault',
  protection: 'Protection of sign-up',
  clickhouse: 'ClickHouse',
  sync: 'Sync into ClickHouse and other databases',
  telemetry: 'Telemetry',
  stores: 'Stores in the namespace',
  process: 'Processes',
  migration: 'Migration',
  backup: 'Backups',
  development: 'Development',
};

function row(item: Variable): string[] {
  const names = [code(item.name), ...(item.aliases ?? []).map((alias) => `also ${code(alias)}`)];
  const kind = [item.secret ? 'secret' : '', item.required ? '**required**' : '', form(item)].filter((part) => part);
  const meaning = [
    item.doc,
    item.default === undefined ? '' : `Unset: ${code(item.default)}.`,
    item.when ? `Needed with ${code(item.when)}.` : '',
    item.without ? `Without it: ${lowerFirst(item.without)}` : '',
    item.ownedWith ? `With ${code(item.ownedWith)} the manifests set it, and a line with it is an error.` : '',
    item.since ? `Read by images ${generations[item.since].published}.` : '',
    item.inert ? `Has no effect: ${item.inert}.` : '',
    item.risk ? `Harm: ${lowerFirst(item.risk.harm)}` : '',
  ].filter((part) => part);
  return [names.join('<br>'), kind.join(', '), meaning.join(' ')];
}

function form({ oneOf, kind, secret }: Variable): string {
  if (oneOf) return oneOf.map((value) => (value === '' ? 'empty' : code(value))).join(' or ');
  // That a secret is a key or a password says its name.
  return kind === 'text' || (secret && (kind === 'token' || kind === 'password')) ? '' : kindNames[kind];
}

/** For a sentence that goes on in another; names in capitals stay. */
function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z ]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}

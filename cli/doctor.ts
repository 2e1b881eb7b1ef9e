import { type Diagnosis, type Examination, examine } from '../cluster/doctor';
import type { Unseen } from '../cluster/doctor/facts';
import { type BuiltEnvironment, buildAll } from './build';
import { asTrouble } from './diff';
import { loadOne } from './load';
import { refuse } from './refuse';
import { err, out, paint } from './terminal';

export interface DoctorOptions {
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
  /** @default text */
  readonly format?: 'text' | 'json';
  /** Tries from a server pod what it has to reach. @default false */
  readonly probe?: boolean;
}

/**
 * Says what is wrong with an environment in its cluster, and what to do. Changes nothing. 0 when nothing is wrong, 1 when
 * something is, 2 when it could not be looked at.
 */
export async function doctor(name: string, options: DoctorOptions = {}): Promise<number> {
  const { diagnoses, unseen, looked } = await examined(name, options);
  const problems = diagnoses.filter(({ weight }) => weight === 'problem');
  if (options.format === 'json') {
    const healthy = looked && problems.length === 0;
    out(`${JSON.stringify({ environment: name, healthy, looked, diagnoses, unseen }, null, 2)}\n`);
  } else {
    out(diagnoses.map(paragraph).join('\n'));
    if (diagnoses.length > 0)
      out(`\n${count(problems.length, 'problem')}, ${count(diagnoses.length - problems.length, 'note')}\n`);
    if (looked && diagnoses.length === 0)
      out(`${paint(1, 'green', 'Healthy')}: nothing is wrong that can be seen from here\n`);
    err(notSeen(unseen));
  }
  if (!looked) return 2;
  return problems.length > 0 ? 1 : 0;
}

async function examined(name: string, { context, format, probe }: DoctorOptions): Promise<Examination> {
  try {
    const [{ environment, built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
    if (!environment || !built) refuse('The cluster was not asked', findings);
    const where = context ? ` of the context ${context}` : '';
    if (format !== 'json') err(paint(2, 'dim', `looking at the namespace ${environment.namespace}${where}\n`));
    const cluster = { namespace: environment.namespace, context };
    return await examine({ cluster, env: environment, wanted: [...built.objects.values()].flat(), probe });
  } catch (error) {
    throw asTrouble(error);
  }
}

function paragraph({ weight, object, message, said, since, fix, page, check }: Diagnosis): string {
  const label = paint(1, weight === 'problem' ? 'red' : 'yellow', weight.padEnd(7));
  const indent = ' '.repeat(9);
  return [
    `${label}  ${paint(1, 'bold', object)}  ${message} ${paint(1, 'dim', `[${check}]`)}\n`,
    said ? `${indent}it says: ${short(said)}\n` : '',
    since ? `${indent}since ${since}\n` : '',
    `${indent}${fix}\n`,
    `${indent}${paint(1, 'dim', page)}\n`,
  ].join('');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}

/** What was left out, and the rights that would show it. */
function notSeen(unseen: readonly Unseen[]): string {
  if (unseen.length === 0) return '';
  const lines = unseen.map(({ what, why }) => `  ${what}: ${why}\n`);
  const rules = unseen.flatMap(({ rule }) => (rule ? [rule] : []));
  const lacking = rules.map(({ group, resource, verb }) => {
    const [plain, named] = resource.split(' ') as [string, string?];
    return `  - { apiGroups: ["${group}"], resources: [${plain}], verbs: [${verb.replace(',', ', ')}]${named ? `, resourceNames: [${named.slice(1, -1)}]` : ''} }\n`;
  });
  const ask =
    lacking.length > 0 ? `Rules of a Role that would show it (nodes: of a ClusterRole):\n${lacking.join('')}` : '';
  return `\nNot looked at:\n${lines.join('')}${ask}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

import { type Change, type Comparison, compare } from '../cluster/diff';
import { type Consequence, consequences } from '../cluster/diff/consequences';
import { isDenied } from '../cluster/diff/refusals';
import { Unreachable } from '../cluster/kubectl';
import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { refuse } from './refuse';
import { err, out, paint } from './terminal';

export interface DiffOptions {
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
  /** @default text */
  readonly format?: 'text' | 'json';
  /** Shows every field. @default false */
  readonly fields?: boolean;
}

/**
 * Prints what an apply of an environment would change in the cluster, by what comes of it. Changes nothing. As with diff, 0 says
 * that nothing differs, 1 that something does, 2 that not everything could be compared.
 */
export async function diff(name: string, options: DiffOptions = {}): Promise<number> {
  const comparison = await compared(name, options);
  const changes = [...comparison.changes];
  const denied = changes.some(({ reason }) => reason !== undefined && isDenied(reason));
  if (options.format === 'json') {
    const { changes: _, ...rest } = comparison;
    out(`${JSON.stringify({ environment: name, different: changes.length > 0, changes, ...rest }, null, 2)}\n`);
  } else {
    out(text(changes, options));
    for (const warning of comparison.warnings)
      err(`${paint(2, 'yellow', 'warning')}  the API server says: ${warning}\n`);
    if (comparison.unseen.length > 0)
      err(`You may not list ${comparison.unseen.join(', ')}: leftovers of these do not show.\n`);
    if (changes.length === 0) out(`${paint(1, 'green', 'No difference')}: an apply would change nothing\n`);
  }
  if (denied) return 2;
  return changes.length > 0 ? 1 : 0;
}

async function compared(name: string, { context, format }: DiffOptions): Promise<Comparison> {
  try {
    const [{ environment, draft, built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
    if (!environment || !draft || !built) refuse('The cluster was not asked', findings);
    if (format !== 'json')
      err(paint(2, 'dim', `asking the API server${context ? ` of ${context}` : ''} what an apply would do\n`));
    const wanted = [...built.objects.values()].flat();
    return await compare({ cluster: { namespace: environment.namespace, context }, environment, draft, wanted });
  } catch (error) {
    throw asTrouble(error);
  }
}

/** 1 says that something differs, so that what went wrong is 2. */
export function asTrouble(error: unknown): unknown {
  if (error instanceof Unreachable) return new Failure(error.message, 2, error.fix);
  return error instanceof Failure ? new Failure(error.message, 2, error.fix) : error;
}

function text(changes: readonly Change[], options: DiffOptions): string {
  const groups = new Map<Consequence, Change[]>();
  for (const change of changes) groups.set(change.consequence, [...(groups.get(change.consequence) ?? []), change]);
  return [...groups]
    .map(([consequence, members]) => {
      const { title, means } = consequences[consequence];
      const colour = consequence === 'refused' ? 'red' : 'bold';
      return `${paint(1, colour, title)}  ${paint(1, 'dim', means)}\n${members.map((item) => paragraph(item, options)).join('')}\n`;
    })
    .join('');
}

function paragraph(change: Change, options: DiffOptions): string {
  const because = change.because.map(({ what, file, line }) => {
    const place = file ? (line ? `${file}:${line}` : file) : '';
    return `      because ${place ? `${place} ` : ''}${what} changed\n`;
  });
  const telling = change.because.length > 0 ? change.fields.filter(({ path }) => !FOLLOWS.test(path)) : change.fields;
  const shown = options.fields ? change.fields : telling.slice(0, MOST_FIELDS);
  const fields = shown.map(({ path, before, after }) => `      ${paint(1, 'dim', path)}  ${before} → ${after}\n`);
  const rest = options.fields ? 0 : telling.length - shown.length;
  return [
    `  ${change.object}\n`,
    ...(change.reason ? [`      ${change.reason}\n`] : []),
    ...because,
    ...(change.notes ?? []).map((note) => `      ${note}\n`),
    ...fields,
    ...(rest > 0 ? [`      ${rest} more fields; --fields shows them all\n`] : []),
    ...(change.fix ? [`      ${change.fix}\n`] : []),
  ].join('');
}

const MOST_FIELDS = 6;

/** Digests and ids that say no more than the cause beside them. */
const FOLLOWS = /annotations\["hexclave\.dev\/|env\[RELEASE_ID\]/;

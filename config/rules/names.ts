import { meaning } from '../aliases';
import { looksSecret, nearestName, ownerOf, twin, variable } from '../contract';
import type { Assignment, Draft, Reference, Rule } from '../draft';
import { printable } from '../env-file-findings';
import { holdsCredential } from '../secrets/credential';
import { present, secretPlace, withLine, writesSecret } from './read';

/** Which variables are set, under which names, and in which file. */
export const names: readonly Rule[] = [
  {
    id: 'owned-variable',
    severity: 'error',
    summary: 'A variable that the image, its entrypoint or the manifests set themselves.',
    *check(draft) {
      for (const item of lines(draft)) {
        const owner = ownerOf(item.name, draft.settings);
        if (owner) yield withLine(item, 'error', OWNERS[owner], 'Remove it.');
      }
    },
  },
  {
    id: 'unknown-variable',
    severity: 'warning',
    summary: 'A variable the contract does not list; it is passed through.',
    *check(draft) {
      for (const item of lines(draft)) {
        if (variable(item.name) || meaning(item.written)) continue;
        const near = nearestName(item.written, (name) => present(draft, name));
        // `env` in environment.yaml is the place for variables beyond the contract, so only a likely slip is reported.
        if (item.source === 'environment.yaml' && near === undefined) continue;
        yield withLine(
          item,
          'warning',
          'The server’s contract does not list this variable; it reaches the pods as it is.',
          near ? `If ${near} is meant, write that.` : 'Remove it if no program in the pod needs it.',
        );
      }
    },
  },
  {
    id: 'variable-name',
    severity: 'error',
    summary: 'A name that is no name of an environment variable to Kubernetes or bash.',
    *check(draft) {
      for (const item of draft.assignments) {
        if (/^[A-Za-z_][A-Za-z0-9_]{0,252}$/.test(item.written)) continue;
        yield withLine(
          item,
          'error',
          'Docker takes this name, but Kubernetes refuses it or leaves the variable out, and bash does not pass it on.',
          'Use letters, digits and underscores, no digit first, and at most 253 of them.',
        );
      }
    },
  },
  {
    id: 'both-spellings',
    severity: 'error',
    summary: 'Two spellings of one variable have different values.',
    *check(draft) {
      for (const [first, ...others] of grouped(draft).values()) {
        for (const item of others) {
          if (item.written === first!.written || !differ(first!, item)) continue;
          yield withLine(
            item,
            'error',
            `${printable(first!.written)} is the same variable under another name and has another value; newer images refuse to start, older ones read one of the two.`,
            `Keep one of the two: this line or ${first!.file}:${first!.line}.`,
          );
        }
      }
    },
  },
  {
    id: 'variable-twice',
    severity: 'depends',
    summary: 'A variable is set in two places.',
    *check(draft) {
      for (const [first, ...others] of grouped(draft).values()) {
        for (const item of others) {
          // Doubles inside one env file are the reader's finding, with what Docker makes of them.
          if (item.written !== first!.written || source(item) === source(first!)) continue;
          yield withLine(
            item,
            differ(first!, item) ? 'error' : 'warning',
            `The variable is set in ${first!.file}:${first!.line} too, and only one of the two can win.`,
            'Keep the one that is right.',
          );
        }
      }
    },
  },
  {
    id: 'secret-in-config',
    severity: 'error',
    summary: 'A secret variable stands in a file that is committed.',
    *check(draft) {
      for (const item of exposed(draft)) {
        const about = variable(item.name);
        if (!about?.secret || about.owner) continue;
        if (writesSecret(draft) && about.publicValues?.includes(item.value)) continue;
        yield withLine(item, 'error', 'The variable is a secret, and this file goes into git.', remedy(draft));
      }
    },
  },
  {
    id: 'secret-looking-in-config',
    severity: 'depends',
    summary: 'A variable whose name looks secret stands in a file that is committed.',
    *check(draft) {
      const written = writesSecret(draft);
      for (const item of exposed(draft)) {
        if (variable(item.name) || !looksSecret(item.written) || holdsCredential(item.value)) continue;
        yield withLine(
          item,
          written ? 'warning' : 'error',
          written
            ? 'The name looks secret, and this file goes into git.'
            : 'The name looks secret, so the value would belong into the Secret, which does not come from this file.',
          remedy(draft),
        );
      }
    },
  },
  {
    id: 'credential-in-config',
    severity: 'error',
    summary:
      'A value that is or holds a credential, whatever its variable is called, stands in a file that is committed.',
    *check(draft) {
      for (const item of exposed(draft)) {
        // What is a secret by its variable is the finding above, and credentials in ClickHouse's URL have a rule of their own.
        const about = variable(item.name);
        if (about?.secret || about?.owner || item.name === 'STACK_CLICKHOUSE_URL' || !holdsCredential(item.value))
          continue;
        const message =
          'The value holds a password, a token or a private key (it is not shown), and this file goes into git.';
        yield withLine(item, 'error', message, remedy(draft));
      }
    },
  },
];

const OWNERS = {
  image: 'The image sets this, and the manifests count on its value.',
  entrypoint: 'The container’s entrypoint sets this from other variables and would overwrite it.',
  manifests: 'The manifests set this, or what they run in the pods depends on its default.',
} as const;

/** Every line that sets a variable, references included. */
export function* lines(draft: Draft): Iterable<(Assignment | Reference) & { source?: string }> {
  yield* draft.assignments;
  for (const item of written(draft)) yield { ...item, source: 'environment.yaml' };
}

/** Lines with a value, by variable; a `STACK_X`/`HEXCLAVE_X` pair is one variable even where the contract has no entry. */
function grouped(draft: Draft): Map<string, (Assignment | Reference)[]> {
  const groups = new Map<string, (Assignment | Reference)[]>();
  for (const item of [...draft.assignments, ...written(draft)]) {
    if ('value' in item && item.value === '') continue;
    const other = twin(item.name);
    const key = other !== undefined && other < item.name ? other : item.name;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The references that stand in the file. */
function written(draft: Draft): Reference[] {
  return [...draft.references.values()].filter((item) => !item.derived);
}

/** A value in another Secret is unknown, and one of the two places would be dropped in silence. */
function differ(a: Assignment | Reference, b: Assignment | Reference): boolean {
  return !('value' in a && 'value' in b) || a.value !== b.value;
}

function source(item: Assignment | Reference): string {
  return 'source' in item ? item.source : 'reference';
}

function exposed(draft: Draft): Assignment[] {
  return draft.assignments.filter((item) => item.source !== 'secrets.env' && item.value !== '');
}

function remedy(draft: Draft): string {
  return writesSecret(draft)
    ? 'Move the line to secrets.env, and change the value if the file was ever pushed.'
    : `Put it into ${secretPlace(draft)}; remove it here, and change the value if the file was ever pushed.`;
}

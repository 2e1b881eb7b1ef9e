import { basename } from 'node:path';
import { canonicalName, isSecret } from './contract';
import type { Assignment, Draft, Reference } from './draft';
import { readExtra } from './extra';
import type { Finding, Place } from './finding';
import type { Neighbours } from './neighbours';
import { join } from './paths';
import { unreadableBecause } from './read-named';
import { found } from './reading-rules';
import { type Holdings, holdings } from './secrets/held';
import { generatedSecretOf, namespaceOf } from './secrets/names';
import type { Settings } from './settings';
import { provide } from './stores';

export interface LoadOptions {
  /**
   * Also reads a `secrets.env` whose values no manifest gets, because they are about to be sealed: beside what is sealed
   * already, or in its place. @default - not read
   */
  readonly sealing?: 'beside' | 'instead';
  /** Taken for the text of `secrets.env`, to judge it before it is written. @default - the file's */
  readonly secretsText?: string;
  /** Finds the environments of the same folder that have a namespace. @default - none are known */
  readonly neighbours?: Neighbours;
  /** The variables that an existing Secret was seen to hold in the cluster. @default - not known */
  readonly seen?: ReadonlySet<string>;
}

export interface DraftProps {
  readonly name: string;
  readonly folder: string;
  readonly settings: Settings;
  readonly place: (path: string) => Place;
  readonly fromFiles: readonly Assignment[];
  readonly options: LoadOptions;
}

/** Puts together what the files say, and what of the secrets is known without their values. */
export function makeDraft(props: DraftProps, findings: Finding[]): Draft {
  const { name, folder, settings, place, options } = props;
  const references = new Map<string, Reference>();
  const assignments = [...props.fromFiles];
  for (const [written, value] of Object.entries(settings.env)) {
    const at = place(`env.${written}`);
    if (typeof value === 'string') {
      assignments.push({ ...at, name: canonicalName(written), written, value, source: 'environment.yaml' });
    } else {
      references.set(canonicalName(written), { ...at, name: canonicalName(written), written, ...value });
    }
  }
  for (const written of settings.secrets.mode === 'external-secrets' ? Object.keys(settings.secrets.generators) : []) {
    const key = canonicalName(written);
    const at = place(`secrets.generators.${written}`);
    references.set(key, { ...at, name: key, written, secret: generatedSecretOf(key), key });
  }
  // As with `docker run`, the last assignment of a name wins; the rules report that there was more than one.
  const values = new Map(assignments.map((item) => [item.name, item]));
  const provided = provide(settings, values, references, place);
  return {
    name,
    settings,
    assignments,
    ...provided,
    sealing: options.sealing !== undefined,
    neighbours: options.neighbours?.(namespaceOf(name, settings), name) ?? [],
    ...held(props, new Set(provided.references.keys()), provided.values, findings),
    extra: attempt(folder, findings, () => readExtra(folder, findings)) ?? [],
    place,
    home: (of) => (isSecret(of) ? secretsHome(props) : { file: join(folder, 'config.env'), line: 0 }),
  };
}

/** What the Secret holds besides the values that were read. */
function held(
  { folder, settings, place, options }: DraftProps,
  elsewhere: ReadonlySet<string>,
  values: ReadonlyMap<string, Assignment>,
  findings: Finding[],
): Holdings {
  const sealing = options.sealing !== undefined;
  const found = attempt(folder, findings, () =>
    holdings({ folder, secrets: settings.secrets, elsewhere, place, sealing }, findings),
  ) ?? { held: undefined };
  if (options.seen) return { held: new Map([...options.seen].map((name) => [name, place('secrets')])) };
  // A value that is about to be sealed takes the place of the sealed one.
  const replaced = (name: string) => options.sealing === 'instead' || (sealing && values.get(name)?.value);
  const kept = [...(found.held ?? [])].filter(([name]) => !replaced(name));
  return { ...found, held: found.held && new Map(kept) };
}

/** Where a new secret variable is written down. */
function secretsHome({ folder, settings, place }: DraftProps): Place {
  const { mode } = settings.secrets;
  return mode === 'existing' || mode === 'external-secrets'
    ? place('secrets')
    : { file: join(folder, 'secrets.env'), line: 0 };
}

/** What goes wrong with a file is a finding. */
function attempt<T>(folder: string, findings: Finding[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const reason = unreadableBecause(error);
    if (reason === undefined) throw error;
    const file = (error as NodeJS.ErrnoException).path ?? folder;
    const message = `The file cannot be read: ${reason}.`;
    findings.push(found('file-unreadable', { file, line: 0, field: basename(file), message, fix: UNREADABLE }));
    return undefined;
  }
}

export const UNREADABLE = 'Make it a regular file, or a pipe, that you may read.';

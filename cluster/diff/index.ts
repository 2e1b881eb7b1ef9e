import { type Document, idOf } from '../../charts/documents';
import type { Draft } from '../../config/draft';
import type { Environment } from '../../config/environment';
import { fingerprints } from '../../config/secrets/fingerprint';
import type { Cluster, Item } from '../kubectl';
import { type Silence, silence } from '../silence';
import { type Cause, causesOf, changedKeys, ownCauses, reasonsToMigrate } from './causes';
import { withoutDropped } from './client-side';
import { type Changed, type Consequence, consequenceOf, consequences, keysReadBy, rolls } from './consequences';
import { changedFields, type Field, shown } from './fields';
import { leftBehind } from './left';
import { notesOnImage } from './moved';
import { mendRefusal } from './refusals';
import { readStates, type State } from './states';

/** One object that an apply would change, or that it would leave behind. */
export interface Change {
  readonly consequence: Consequence;
  readonly object: string;
  readonly because: readonly Cause[];
  /** Field → its two values as they may be shown. Of Secrets, fingerprints. */
  readonly fields: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** What is known of a new image. @default - nothing is to be known */
  readonly notes?: readonly string[];
  /** Why it is refused, and what to do about what comes of the change. */
  readonly reason?: string;
  readonly fix?: string;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Jobs of earlier releases, which stay as the record of what ran. */
  readonly records: readonly string[];
  readonly manager: string;
  readonly warnings: readonly string[];
  /** Resources that the user may not list, so that leftovers of theirs do not show. */
  readonly unseen: readonly string[];
}

export interface CompareProps {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly draft: Draft;
  /** All that the manifests hold, in the order in which it is applied. */
  readonly wanted: readonly Document[];
}

/** What an apply of the manifests would change in the cluster. Changes nothing. */
export async function compare({ cluster, environment, draft, wanted }: CompareProps): Promise<Comparison> {
  const open = wanted.filter((object) => object.sops === undefined);
  const [{ states, manager, warnings }, leftovers] = await Promise.all([
    readStates(cluster, open),
    leftBehind(cluster, environment, wanted),
  ]);
  const closed = wanted.filter((object) => object.sops !== undefined).map((object) => ({ wanted: object, fields: [] }));
  const all: Changed[] = [...states.map((state) => ({ ...state, fields: fieldsOfState(state) })), ...closed];
  const hush = silence(secretsOf(environment, all));
  const isReadByRolling = (changed: Changed) => all.some((other) => rolls(other) && readsChangeOf(other, changed));
  const changes = all.flatMap((changed): Change[] => {
    const consequence = consequenceOf(changed, isReadByRolling);
    if (!consequence) return [];
    return [
      {
        consequence,
        object: idOf(changed.wanted),
        because: becauseOf(consequence, changed, all, draft),
        fields: fieldsOf(changed, environment, hush),
        ...(consequence === 'migrates' ? { notes: notesOnImage(all, draft) } : {}),
        ...refusalOf(changed, hush),
      },
    ];
  });
  const gone = leftovers.left.filter(({ record }) => !record);
  return {
    changes: sorted([...changes, ...gone.map((item) => leftover(item, cluster.namespace))]),
    records: leftovers.left.filter(({ record }) => record).map(({ kind, name }) => `${kind}/${name}`),
    manager,
    warnings: warnings.map(hush),
    unseen: leftovers.unseen,
  };
}

function fieldsOfState({ wanted, live, merged }: State): Field[] {
  return live && merged ? changedFields(live, withoutDropped(live, merged, wanted)) : [];
}

function becauseOf(consequence: Consequence, changed: Changed, all: readonly Changed[], draft: Draft): Cause[] {
  if (consequence === 'rolls' || consequence === 'scales' || consequence === 'nextRun') {
    return causesOf(changed, all, draft);
  }
  if (consequence === 'migrates') return reasonsToMigrate(all, draft);
  return ['readByRolling', 'unread'].includes(consequence) ? ownCauses(changed, draft) : [];
}

function readsChangeOf(workload: Changed, changed: Changed): boolean {
  const keys = keysReadBy(workload.wanted, changed.wanted);
  return changedKeys(changed).some((key) => keys === 'all' || keys.has(key));
}

function refusalOf({ wanted, refusal }: Changed, hush: Silence): Pick<Change, 'reason' | 'fix'> {
  return refusal === undefined ? {} : { reason: hush(refusal), fix: mendRefusal(wanted, refusal) };
}

function leftover({ kind, name }: { kind: string; name: string }, namespace: string): Change {
  const fix = `If nothing of yours needs it: kubectl delete ${kind.toLowerCase()} ${name} -n ${namespace}`;
  return { consequence: 'left', object: `${kind}/${name}`, because: [], fields: [], fix };
}

function fieldsOf(
  { wanted, live, merged, fields }: Changed,
  environment: Environment,
  hush: Silence,
): Change['fields'] {
  if (wanted.kind !== 'Secret') {
    return fields.map(({ path, before, after }) => ({ path, before: hush(shown(before)), after: hush(shown(after)) }));
  }
  const key = environment.secrets?.STACK_SERVER_SECRET;
  const [old, fresh] = [live, merged].map((state) => marksOf(state, key));
  return fields.map(({ path }) => {
    const name = path.replace(/^data(\.|\["|$)/, '').replace(/"\]$/, '');
    return { path, before: old!(name, path), after: fresh!(name, path) };
  });
}

/** What stands for the values of a Secret: keyed hashes where there is a key, else only whether there is one. */
function marksOf(state: Item, key: string | undefined): (name: string, path: string) => string {
  const values = valuesOf(state);
  const marks = key ? fingerprints({ ...values, STACK_SERVER_SECRET: key }) : {};
  const own =
    key && values.STACK_SERVER_SECRET ? fingerprints({ STACK_SERVER_SECRET: values.STACK_SERVER_SECRET }) : {};
  return (name, path) => {
    if (!path.startsWith('data')) return '(not shown)';
    if (values[name] === undefined) return '(nothing)';
    const mark = name === 'STACK_SERVER_SECRET' ? own[name] : marks[name];
    return mark ? `fingerprint ${mark.slice(0, 12)}` : '(a value)';
  };
}

function valuesOf(secret: Item | undefined): Record<string, string> {
  const entries = Object.entries<string>(secret?.data ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
}

/** All that must not be in what is printed: what the files hold and what the cluster has. */
function secretsOf(environment: Environment, all: readonly Changed[]): string[] {
  const inCluster = all
    .filter(({ wanted }) => wanted.kind === 'Secret')
    .flatMap(({ wanted, live, merged }) => [wanted, live, merged].flatMap((state) => Object.values(valuesOf(state))));
  return [...Object.values(environment.secrets ?? {}), environment.migrationDatabaseUrl ?? '', ...inCluster];
}

function sorted(changes: readonly Change[]): Change[] {
  const order = Object.keys(consequences);
  return [...changes].sort((a, b) => order.indexOf(a.consequence) - order.indexOf(b.consequence));
}

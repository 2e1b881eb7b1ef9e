import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { GENERATOR } from '../charts/configuration';
import { type Document, idOf } from '../charts/documents';
import type { Built } from '../charts/hexclave';
import { isManifest, stages } from '../charts/stages';
import { type Changed, consequenceOf, rolls } from '../cluster/diff/consequences';
import { changedFields } from '../cluster/diff/fields';
import { immutableChanges } from '../cluster/diff/immutable';
import { join } from '../config/paths';
import { VERSION } from '../config/version';

/** What manifests of this version do to an install of those that another one made, as far as the files say it. */
export interface Upgrade {
  /** Undefined for those that did not say it yet. */
  readonly from: string | undefined;
  readonly to: string;
  /** `Kind/name` of what an apply cannot change. */
  readonly refused: readonly string[];
  /** Jobs of new releases: migrations run. */
  readonly migrates: readonly string[];
  /** Whose pods are replaced. */
  readonly rolls: readonly string[];
  /** Everything else that is new or another. */
  readonly changes: readonly string[];
  /** What stays in the cluster unless a controller prunes it. Jobs of earlier releases are the record of what ran. */
  readonly gone: readonly string[];
}

/**
 * Compares the manifests in a folder with those that are to take their place; undefined where the same version made both,
 * which one look at one file says, and where there are none.
 */
export function upgradeOf(folder: string, { objects }: Built): Upgrade | undefined {
  const marked = join(folder, `${stages.configuration.file}.k8s.yaml`);
  if (!existsSync(marked)) return undefined;
  const from = new RegExp(`^ +${GENERATOR}: "?([^"\\n]+)`, 'm').exec(readFileSync(marked, 'utf8'))?.[1];
  if (from === VERSION) return undefined;
  return { from, to: VERSION, ...changesBetween(manifestsIn(folder), [...objects.values()].flat()) };
}

/** The same for people. */
export function account(environment: string, upgrade: Upgrade): string {
  const { from, to, refused, migrates, rolls, changes, gone } = upgrade;
  const parts = [
    sentence('cannot be applied over', refused),
    sentence('runs migrations by', migrates),
    sentence('rolls the pods of', rolls),
    sentence('changes', changes),
    sentence('no longer has', gone),
  ].filter((part) => part !== '');
  const what = parts.length > 0 ? parts.join(', ') : 'changes nothing but this mark';
  return `${environment} was last made by ${from ?? 'a version that did not say so'}; ${to} ${what}.\n`;
}

/** What differs between two sets of manifests of one environment. */
export function changesBetween(before: readonly Document[], after: readonly Document[]): Omit<Upgrade, 'from' | 'to'> {
  const old = new Map(before.map((object) => [keyOf(object), object]));
  const changed = after.map((wanted) => changeOf(old.get(keyOf(wanted)), wanted));
  const kept = new Set(after.map(keyOf));
  const named = (those: readonly Changed[]) => those.map(({ wanted }) => idOf(wanted));
  const isRefused = ({ live, wanted }: Changed) => live !== undefined && immutableChanges(live, wanted).length > 0;
  const refused = changed.filter(isRefused);
  const others = changed.filter((item) => !isRefused(item));
  const migrates = others.filter((item) => consequence(item) === 'migrates');
  const rolling = others.filter(rolls);
  const rest = others.filter((item) => consequence(item) && !migrates.includes(item) && !rolling.includes(item));
  const gone = before.filter((object) => !kept.has(keyOf(object)) && !isRecord(object));
  return {
    refused: named(refused),
    migrates: named(migrates),
    rolls: named(rolling),
    changes: named(rest),
    gone: gone.map(idOf),
  };
}

/** Without the mark itself, which is another with each version. */
function changeOf(live: Document | undefined, wanted: Document): Changed {
  const fields = live ? changedFields(live, wanted).filter(({ path }) => !path.endsWith(`["${GENERATOR}"]`)) : [];
  return { live, wanted, fields };
}

function consequence(changed: Changed) {
  return consequenceOf(changed, () => false);
}

function isRecord({ kind, metadata }: Document): boolean {
  return kind === 'Job' && metadata.labels?.['app.kubernetes.io/component'] === 'migration';
}

function keyOf({ apiVersion, kind, metadata }: Document): string {
  return `${String(apiVersion).split('/')[0]} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function manifestsIn(folder: string): Document[] {
  return readdirSync(folder)
    .filter(isManifest)
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
    .filter(({ errors }) => errors.length === 0)
    .map((document) => document.toJS())
    .filter((object) => object?.metadata !== undefined);
}

const MOST = 4;

function sentence(verb: string, objects: readonly string[]): string {
  if (objects.length === 0) return '';
  const rest = objects.length > MOST ? ` and ${objects.length - MOST} others` : '';
  return `${verb} ${objects.slice(0, MOST).join(', ')}${rest}`;
}

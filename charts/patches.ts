import { applyPatch } from 'rfc6902';
import type { Environment } from '../config/environment';
import { compareFindings, type Finding, type Place } from '../config/finding';
import { found } from '../config/reading-rules';
import { acceptRules, acceptUnused, withReason } from '../config/rules/accept';
import type { Patch } from '../config/settings/patches';
import { type Document, idOf } from './documents';
import { promises } from './promises';
import { refused } from './refused';

/** A patch, where it stands, and the objects that it changes. */
export interface AppliedPatch extends Place {
  /** `Kind/name` of each. */
  readonly objects: readonly string[];
  /** Operations with their paths. Never a value. */
  readonly operations: readonly string[];
}

/** What became of the patches of an environment. */
export interface Patched {
  readonly findings: readonly Finding[];
  readonly applied: readonly AppliedPatch[];
}

/**
 * Does the patches on all objects of an environment, in their order and last of all. What a patch cannot do, or must not, is
 * a finding; the object then stays as it was.
 */
export function patchAll(env: Environment, documents: Document[]): Patched {
  const findings: Finding[] = [];
  const applied = env.settings.patches.map(({ target, patch }, index): AppliedPatch => {
    const place = { ...env.places.patches[index]!, field: `patches.${index}` };
    const fitting = documents.filter((document) => fits(target, document));
    if (fitting.length === 0) findings.push(unfit(place, target, documents));
    for (const document of fitting) findings.push(...change(env, document, patch, place));
    return {
      file: place.file,
      line: place.line,
      objects: fitting.map(idOf),
      operations: patch.map(({ op, path }) => `${op} ${path}`),
    };
  });
  findings.push(...unusedAcceptance(env, findings));
  return { findings: findings.sort(compareFindings), applied };
}

/** The entry of `accept` for patches that break a promise. */
function acceptedPatches({ settings }: Environment): Environment['settings']['accept'][number] | undefined {
  return settings.accept.find(({ rule }) => rule === 'patch-breaks-promise');
}

/** Whether patches break a promise is known here alone; without any patch the rules have said it. */
function* unusedAcceptance(env: Environment, findings: readonly Finding[]): Iterable<Finding> {
  const accepted = acceptedPatches(env);
  if (!accepted || env.settings.patches.length === 0) return;
  if (findings.some(({ rule }) => rule === 'patch-breaks-promise')) return;
  const index = env.settings.accept.indexOf(accepted);
  const { severity } = acceptRules['accept-unused'];
  const place = { ...env.places.accept[index]!, field: `accept.${index}` };
  yield { rule: 'accept-unused', severity, ...place, ...acceptUnused(accepted.rule) };
}

/** The patches for a Job, whose name has to be another when its content is: by what is known before it has one. */
export function patchesOf(env: Environment, component: string, name: string): unknown[] {
  const job = { kind: 'Job', metadata: { name, labels: { [COMPONENT]: component } } };
  const own = env.settings.patches.filter(({ target }) => fits(target, job)).map(({ patch }) => patch);
  return own.length > 0 ? [own] : [];
}

const COMPONENT = 'app.kubernetes.io/component';

function fits({ kind, name, component }: Patch['target'], { kind: own, metadata }: Document): boolean {
  const names = own === 'Job' ? [metadata.name, metadata.name.replace(/-[0-9a-f]{10}$/, '')] : [metadata.name];
  return (
    (kind === undefined || kind === own) &&
    (name === undefined || names.includes(name)) &&
    (component === undefined || component === metadata.labels?.[COMPONENT])
  );
}

type At = Place & { readonly field: string };

function unfit(place: At, target: Patch['target'], documents: readonly Document[]): Finding {
  const kinds = documents.filter(({ kind }) => kind === target.kind);
  const some = (kinds.length > 0 ? kinds : documents).map(idOf);
  const list = [...new Set(some)].sort();
  return found('patch-target', {
    ...place,
    field: `${place.field}.target`,
    message: 'The environment has no object that fits this target, so the patch would change nothing.',
    fix: `There are: ${list.slice(0, 40).join(', ')}${list.length > 40 ? ' …' : ''}.`,
  });
}

function* change(env: Environment, document: Document, patch: Patch['patch'], place: At): Iterable<Finding> {
  const before = structuredClone(document);
  const after = structuredClone(document);
  // The library takes over values as they are, and the settings are frozen.
  const failures = applyPatch(after, structuredClone(patch) as Parameters<typeof applyPatch>[1]);
  for (const [index, failure] of failures.entries()) {
    if (failure === null) continue;
    yield found('patch-failed', {
      ...place,
      field: `${place.field}.patch.${index}`,
      message: `${idOf(before)} has nothing at this path that the operation could be done on, or is not what it tests for.`,
      fix: 'Look at the object in dist/, and begin with an add of what is missing; a list’s end is “-”.',
    });
    return;
  }
  const broken = promises.filter((promise) => promise.isBroken(before, after, env));
  const accepted = acceptedPatches(env);
  for (const { promise, otherwise, final } of broken) {
    const message = `It takes something away from ${idOf(before)} that the manifests promise: ${promise}. Without it ${otherwise}.`;
    const about = { ...place, message, fix: 'Leave that part of the object as it is.' };
    yield found(
      'patch-breaks-promise',
      accepted && !final ? { ...about, severity: 'warning', message: withReason(message, accepted.reason) } : about,
    );
  }
  const known = new Set(refused(before));
  for (const reason of refused(after).filter((reason) => !known.has(reason))) {
    const about = { message: `Kubernetes would refuse ${idOf(before)}: ${reason}.`, fix: 'Mend the patch.' };
    yield found('object-refused', { ...place, ...about });
  }
  if (broken.some(({ final }) => final || !accepted)) return;
  for (const key of Object.keys(document)) delete document[key];
  Object.assign(document, after);
}

import { idOf } from '../../charts/documents';
import { SERVER } from '../../charts/server';
import { variable } from '../../config/contract';
import type { Draft } from '../../config/draft';
import type { Place } from '../../config/finding';
import { type Changed, keysReadBy } from './consequences';
import type { Field } from './fields';

/** Why an object changes, as far as the environment's files say it. */
export interface Cause extends Partial<Place> {
  /** What has changed: a variable, or a field of `environment.yaml`. */
  readonly what: string;
}

/** What in the environment's files makes the pods of a workload other ones. */
export function causesOf(changed: Changed, all: readonly Changed[], draft: Draft): Cause[] {
  const read = all.flatMap((other) => {
    if (!/^(ConfigMap|Secret)$/.test(other.wanted.kind)) return [];
    const keys = keysReadBy(changed.wanted, other.wanted);
    return changedKeys(other)
      .filter((key) => keys === 'all' || keys.has(key))
      .map((key) => ({
        what: isHere(draft, key) ? key : `${key} of ${idOf(other.wanted)}`,
        ...placeOf(draft, key),
      }));
  });
  const own = changed.fields.flatMap((field) => {
    const cause = fieldCause(field, draft);
    return cause ? [cause] : [];
  });
  return unique([...own, ...read]);
}

/**
 * Why there is a new release: what of the server changes and goes into the release's id. Nothing, on a first install, or when it is
 * the manifests themselves that have changed.
 */
export function reasonsToMigrate(all: readonly Changed[], draft: Draft): Cause[] {
  const server = all.find(({ wanted }) => wanted.kind === 'Deployment' && wanted.metadata.name === SERVER);
  if (!server?.live) return [];
  return causesOf(server, all, draft).filter(({ what }) => what === 'image' || variable(what)?.seed);
}

/** Where the changed keys of a ConfigMap or a Secret stand. */
export function ownCauses(changed: Changed, draft: Draft): Cause[] {
  return changedKeys(changed).map((key) => ({ what: key, ...placeOf(draft, key) }));
}

/** The keys of a ConfigMap or a Secret whose values are others. */
export function changedKeys({ fields }: Changed): string[] {
  return fields
    .flatMap(({ path }) => /^(?:data|binaryData|stringData)(?:\.(.*)|\["(.*)"\])$/.exec(path)?.slice(1) ?? [])
    .filter((key) => key !== undefined)
    .sort();
}

function isHere(draft: Draft, name: string): boolean {
  return draft.values.has(name) || draft.references.has(name) || draft.held?.has(name) === true;
}

/** Where a variable stands; nowhere when it has been taken out. */
function placeOf(draft: Draft, name: string): Place | undefined {
  const at = draft.values.get(name) ?? draft.references.get(name) ?? draft.held?.get(name);
  return at && { file: at.file, line: at.line };
}

/** A field of a pod template, by what of the environment decides it. Text and ids that follow from these name no cause. */
function fieldCause({ path }: Field, draft: Draft): Cause | undefined {
  const name = /\.env\[([^\]]+)\]/.exec(path)?.[1];
  if (name) {
    const at = placeOf(draft, name);
    return at && { what: name, ...at };
  }
  const found = SETTINGS.find(([form]) => form.test(path));
  if (!found) return undefined;
  const at = draft.place(found[1]);
  // The file as a whole: the field is not written, so it is a default that has changed.
  return at.line > 1 || draft.place('').line !== at.line ? { what: found[1], ...at } : { what: found[1] };
}

const SETTINGS: readonly (readonly [RegExp, string])[] = [
  [/\.(containers\[(server|migrate)\]|initContainers\[release-gate\])\.image$/, 'image'],
  [/\.image$/, 'images'],
  [/initContainers\[release-gate\]\.resources/, 'migration.gateResources'],
  [/containers\[server\]\.resources/, 'resources'],
  [/\.nodeSelector/, 'nodeSelector'],
  [/\.tolerations/, 'tolerations'],
  [/\.priorityClassName/, 'priorityClassName'],
  [/\.imagePullSecrets/, 'imagePullSecrets'],
  [/template\.metadata\.labels/, 'labels'],
  [/^spec\.replicas$/, 'replicas'],
  [/\.schedule$/, 'maintenance'],
];

function unique(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}

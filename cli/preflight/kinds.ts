import type { Document } from '../../charts/documents';
import { groupOf, isBuiltIn, mendMissing } from '../../cluster/definitions';
import type { Finding } from '../../config/finding';
import { found } from '../../config/reading-rules';

/** A kind that a controller has to bring, and an object of it in the manifests. */
export interface Needed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: string;
}

/** The kinds of these manifests that no Kubernetes has by itself. */
export function neededKinds(objects: readonly Document[]): Needed[] {
  const needed = new Map<string, Needed>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    if (isBuiltIn(object)) continue;
    const id = `${apiVersion}/${kind}`;
    if (!needed.has(id)) needed.set(id, { apiVersion, kind, object: metadata.name });
  }
  return [...needed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** Those that the cluster does not know, as findings. `known` has the kinds by version of an API. */
export function judgeKinds(
  file: string,
  needed: readonly Needed[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): Finding[] {
  return needed
    .filter(({ apiVersion, kind }) => !known.get(apiVersion)?.has(kind))
    .map(({ apiVersion, kind, object }) =>
      found('cluster-kind-unknown', {
        file,
        line: 0,
        field: `${kind} ${object}`,
        message: `The cluster does not know the kind ${kind} of ${apiVersion}, and an apply ends with an error.`,
        fix: mendMissing(groupOf(apiVersion)),
      }),
    );
}

import { parseAllDocuments } from 'yaml';
import { compareFindings, hasErrors } from '../config/finding';
import { join } from '../config/paths';
import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { expectations } from './preflight/expected';
import { judgeCluster } from './preflight/judge';
import { judgeKinds, type Needed, neededKinds } from './preflight/kinds';
import { type Kubectl, keysInCluster, kindsInCluster } from './preflight/kubectl';
import { json, report, summary } from './report';
import { out, paint } from './terminal';

export interface PreflightOptions {
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
  /** @default text */
  readonly format?: 'text' | 'json';
}

/**
 * Compares what the manifests and their pods need with what the cluster has, by the user's kubectl. It reads the names of
 * Secrets and ConfigMaps and of their keys, and the kinds that the API server knows; values stay in the cluster. 1 when
 * something is missing.
 */
export function preflight(name: string, options: PreflightOptions = {}): number {
  const [{ environment, built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
  if (!environment || !built) {
    report(findings);
    throw new Failure(`The cluster was not asked: ${summary(findings)}`, 1, 'Mend the errors first.');
  }
  const kubectl: Kubectl = { namespace: environment.namespace, context: options.context };
  const objects = [...built.files.values()].flatMap((text) => parseAllDocuments(text).map((item) => item.toJS()));
  const expected = expectations(objects, environment);
  const seen = new Map(expected.map((item) => [item, keysInCluster(kubectl, item.kind, item.name)]));
  const needed = neededKinds(objects);
  const versions = new Set(needed.map(({ apiVersion }) => apiVersion));
  const known = new Map([...versions].map((version) => [version, kindsInCluster(kubectl, version)]));
  const file = join('environments', name, 'environment.yaml');
  const found = [...judgeCluster(name, environment, seen), ...judgeKinds(file, needed, known)].sort(compareFindings);
  if (options.format === 'json') {
    const read = [...seen].map(([{ kind, name: object, keys }, has]) => {
      const missing = has ? keys.filter((key) => !has.has(key)) : keys;
      return { kind, name: object, found: has !== undefined, missing };
    });
    const kinds = needed.map(({ apiVersion, kind }) => {
      return { apiVersion, kind, found: known.get(apiVersion)!.has(kind) };
    });
    out(json(found, { environment: name, namespace: environment.namespace, objects: read, kinds }));
  } else {
    report(found, 1);
    if (found.length === 0) out(`${paint(1, 'green', 'Complete')}: ${tally(seen, needed)}\n`);
  }
  return hasErrors(found) ? 1 : 0;
}

function tally(seen: ReadonlyMap<unknown, unknown>, needed: readonly Needed[]): string {
  const parts = [
    seen.size === 1 && '1 object is there with all its keys',
    seen.size > 1 && `${seen.size} objects are there with all their keys`,
    needed.length > 0 && `the cluster knows every kind of object (${needed.map(({ kind }) => kind).join(', ')})`,
  ];
  return parts.filter(Boolean).join(', ') || 'the manifests hold all that the pods read';
}

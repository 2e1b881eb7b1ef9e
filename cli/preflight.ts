import { compareFindings, hasErrors } from '../config/finding';
import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { expectations } from './preflight/expected';
import { judgeCluster } from './preflight/judge';
import { type Kubectl, keysInCluster } from './preflight/kubectl';
import { json, report, summary } from './report';
import { out, paint } from './terminal';

export interface PreflightOptions {
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
  /** @default text */
  readonly format?: 'text' | 'json';
}

/**
 * Compares what the pods will read with what the cluster has, by the user's kubectl. It reads the names of Secrets and
 * ConfigMaps and of their keys; values stay in the cluster. 1 when something is missing.
 */
export function preflight(name: string, options: PreflightOptions = {}): number {
  const [{ environment, built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
  if (!environment || !built) {
    report(findings);
    throw new Failure(`The cluster was not asked: ${summary(findings)}`, 1, 'Mend the errors first.');
  }
  const kubectl: Kubectl = { namespace: environment.namespace, context: options.context };
  const expected = expectations(built.files, environment);
  const seen = new Map(expected.map((item) => [item, keysInCluster(kubectl, item.kind, item.name)]));
  const found = judgeCluster(name, environment, seen).sort(compareFindings);
  if (options.format === 'json') {
    const objects = [...seen].map(([{ kind, name: object, keys }, has]) => {
      const missing = has ? keys.filter((key) => !has.has(key)) : keys;
      return { kind, name: object, found: has !== undefined, missing };
    });
    out(json(found, { environment: name, namespace: environment.namespace, objects }));
  } else {
    report(found, 1);
    if (found.length === 0) out(`${paint(1, 'green', 'Complete')}: ${tally(seen)}\n`);
  }
  return hasErrors(found) ? 1 : 0;
}

function tally(seen: ReadonlyMap<unknown, ReadonlySet<string> | undefined>): string {
  if (seen.size === 0) return 'the manifests hold all that the pods read';
  return seen.size === 1 ? '1 object is there with all its keys' : `${seen.size} objects are there with all their keys`;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, objectName, type Verdict } from './findings';
import { ask, tools } from './tools';

/** Asks kube-score for everything that it does not find perfect, warnings included. */
export async function kubeScore(folder: string): Promise<Verdict> {
  const objects = (await ask(tools.kubeScore, [
    ...['score', '--kubernetes-version', 'v1.37', '--output-format', 'json'],
    // Exceptions stand in exceptions.yaml and nowhere else.
    ...['--disable-ignore-checks-annotations', '--disable-optional-checks-annotations'],
    // The other optional ones want requests to equal limits: a server idle for most of the day would reserve its peak.
    ...['--enable-optional-test', 'container-seccomp-profile', '--enable-optional-test', 'container-ports-check'],
    ...readdirSync(folder).map((file) => join(folder, file)),
  ])) as Scored[];
  return { judged: objects.map(nameOf), findings: objects.flatMap(findingsOf) };
}

interface Scored {
  readonly type_meta: { readonly kind: string; readonly apiVersion: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const PERFECT = 10;

function findingsOf(object: Scored): Finding[] {
  return object.checks
    .filter(({ grade, skipped }) => !skipped && grade < PERFECT)
    .map(({ check, comments }) => ({
      tool: 'kube-score',
      check: check.id,
      object: nameOf(object),
      message: (comments ?? []).map(({ path, summary }) => (path ? `${path}: ${summary}` : summary)).join('; '),
    }));
}

function nameOf({ type_meta, object_meta }: Scored): string {
  return objectName(type_meta.apiVersion, type_meta.kind, object_meta.name);
}

import { isDeepStrictEqual } from 'node:util';
import { ownerOf } from '../config/contract';
import type { Environment } from '../config/environment';
import { containersOf, type Document, podTemplatesOf } from './documents';
import { weaknesses } from './weaknesses';

/** What holds for the objects of every environment, and that no patch may take away. */
export interface Promised {
  /** The promise, and what it keeps away: two parts of one sentence. */
  readonly promise: string;
  readonly otherwise: string;
  readonly isBroken: (before: Document, after: Document, env: Environment) => boolean;
  /** Kubernetes itself refuses what comes of it, or loses it: `accept` does not help. @default false */
  readonly final?: boolean;
}

/** In the order of the documentation (docs/how-to/patches-and-extra-objects.md). */
export const promises: readonly Promised[] = [
  {
    promise: 'its kind, name and namespace',
    otherwise: 'it would be another object, and the one that is there would stay behind',
    final: true,
    isBroken: changes(
      ({ apiVersion }) => apiVersion,
      ({ kind }) => kind,
      ({ metadata }) => [metadata?.name, metadata?.namespace],
    ),
  },
  {
    promise: 'its selector, and the labels that selectors go by',
    otherwise: 'Kubernetes refuses the change, or Services and policies lose its pods',
    final: true,
    isBroken: changes(
      ({ spec, kind }) => (kind === 'Namespace' ? undefined : spec?.selector),
      ({ spec }) => [spec?.podSelector, spec?.serviceName, spec?.volumeClaimTemplates],
      ({ metadata }) => own(metadata?.labels),
      (document) => templates(document, ({ metadata }) => own(metadata?.labels)),
    ),
  },
  {
    promise: 'the hardening of its pods',
    otherwise: 'the namespace refuses them, or a hole in the server reaches further',
    isBroken: (before, after) => {
      const known = new Set(weaknesses(before));
      return weaknesses(after).some((weakness) => !known.has(weakness));
    },
  },
  {
    promise: 'the gate in front of the server',
    otherwise: 'new pods would serve before their migrations are done',
    isBroken: changes((document) => templates(document, ({ spec }) => program(spec, 'release-gate'))),
  },
  {
    promise: 'the switches of migrations and what else the manifests set for the server',
    otherwise: 'every pod would migrate and seed, or miss the release it waits for',
    isBroken: changes((document) => templates(document, ({ spec }) => switches(spec))),
  },
  {
    promise: 'the programs that its containers run',
    otherwise: 'a start, a migration or a call would not be what was tested',
    isBroken: changes((document) => templates(document, ({ spec }) => OURS.map((name) => program(spec, name)))),
  },
  {
    promise: 'rollouts and drains without a failed request',
    otherwise: 'requests in flight would be cut off',
    isBroken: (before, after) =>
      before.metadata?.name === 'hexclave-server' &&
      (changes(
        ({ spec }) => spec?.strategy,
        (document) => templates(document, ({ spec }) => container(spec, 'server')?.lifecycle),
        (document) => templates(document, ({ spec }) => container(spec, 'server')?.readinessProbe?.exec),
      )(before, after) ||
        graceOf(after) < graceOf(before)),
  },
  {
    promise: 'one run of the migrations for a release',
    otherwise: 'they would run again and again, or beside each other',
    isBroken: (before, after) => before.kind === 'Job' && (runs(after) !== runs(before) || isHook(after)),
  },
  {
    promise: 'the closed network',
    otherwise: 'pods would reach, or be reached by, what nobody has named',
    isBroken: (before, after) =>
      before.kind === 'NetworkPolicy' &&
      (!isDeepStrictEqual(before.spec.policyTypes, after.spec?.policyTypes) ||
        (before.metadata.name === 'hexclave-default-deny' && !isDeepStrictEqual(before.spec, after.spec))),
  },
  {
    promise: 'calls that do not overlap',
    otherwise: 'they would pile up on a server that is slow',
    isBroken: changes(({ kind, spec }) => (kind === 'CronJob' ? spec?.concurrencyPolicy : undefined)),
  },
  {
    promise: 'Pod Security and the protection from being pruned',
    otherwise: 'a mistaken prune would take the namespace and its data away, or pods would run unchecked',
    isBroken: changes(({ kind, metadata }) =>
      ['Namespace', 'Cluster', 'ClickHouseInstallation'].includes(kind)
        ? Object.entries({ ...metadata?.labels, ...metadata?.annotations })
            .filter(([name]) => /^pod-security|sync-options$|prune$/.test(name))
            .sort()
        : undefined,
    ),
  },
];

/** Containers of ours. What the user brings beside them, or in `extra/`, is the user's to change. */
const OURS = [
  'server',
  'migrate',
  'call',
  'postgres',
  'clickhouse',
  'mailpit',
  'seaweedfs',
  'svix',
  'renderer',
  'database',
  'buckets',
];

type View = (document: Document) => unknown;

function changes(...views: readonly View[]): (before: Document, after: Document) => boolean {
  return (before, after) => views.some((view) => !isDeepStrictEqual(view(before), view(after)));
}

function templates(document: Document, view: View): unknown {
  return podTemplatesOf(document).map(view);
}

function own(labels: Record<string, string> | undefined): unknown {
  return Object.entries(labels ?? {})
    .filter(([name]) => /^(app\.kubernetes\.io|hexclave\.dev)\//.test(name))
    .sort();
}

function container(spec: Document, name: string): Document | undefined {
  return containersOf({ spec }).find((one) => one.name === name);
}

function program(spec: Document, name: string): unknown {
  const found = container(spec, name);
  return found && [found.command, found.args, name === 'release-gate' ? found.env : undefined];
}

/** The variables that are the manifests' own, wherever they stand: of two of a name, Kubernetes takes the last. */
function switches(spec: Document): unknown {
  return ['server', 'migrate'].map((name) => {
    const found = container(spec, name);
    return found && [found.envFrom, (found.env ?? []).filter((item: Document) => ownerOf(item.name) === 'manifests')];
  });
}

function graceOf({ spec }: Document): number {
  return spec?.template?.spec?.terminationGracePeriodSeconds ?? 30;
}

function runs({ spec }: Document): string {
  const { parallelism = 1, completions = 1, ttlSecondsAfterFinished, suspend, template } = spec ?? {};
  return JSON.stringify([parallelism, completions, ttlSecondsAfterFinished, suspend, template?.spec?.restartPolicy]);
}

function isHook({ metadata }: Document): boolean {
  return Object.keys(metadata?.annotations ?? {}).some((name) => /\/hook$/.test(name));
}

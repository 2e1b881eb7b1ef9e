import type { Document } from '../../charts/documents';
import type { Environment } from '../../config/environment';
import type { Item } from '../kubectl';

/** What is asked for with one `kubectl get`. */
export const RESOURCES = [
  'pods',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'configmaps',
  'persistentvolumeclaims',
  'resourcequotas',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
  'ingresses.networking.k8s.io',
  'events',
] as const;

/** What is known of an environment and of the cluster that it runs in. Checks read this and nothing else. */
export interface Facts {
  readonly env: Environment;
  /** What the manifests hold. */
  readonly wanted: readonly Document[];
  /** When it was gathered. */
  readonly now: Date;
  /** Of the API server, e.g. `v1.36.3`. */
  readonly version?: string;
  /** The namespace is in the cluster. */
  readonly namespaced: boolean;
  /** Everything in the namespace that could be read, and the nodes. */
  readonly items: readonly Item[];
  readonly logs: readonly Log[];
  /** Kinds of the manifests that the cluster does not know, with their API group. */
  readonly unknownKinds: readonly string[];
  /** Values of the environment's own Secret by variable, where it may be read. `null` when it is not there. */
  readonly secret?: Readonly<Record<string, string>> | null;
  /** By name of the Secret: its certificate in PEM; `null` when the Secret or the certificate is not there. */
  readonly certificates: ReadonlyMap<string, string | null>;
  /** By host: the addresses that this machine resolves it to; empty when there are none. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** What a pod in the namespace reaches, with --probe. */
  readonly probes: readonly Probe[];
  /** What could not be looked at, and why. */
  readonly unseen: readonly Unseen[];
}

/** What a container has printed, the last lines of it. */
export interface Log {
  readonly pod: string;
  readonly component: string;
  readonly container: string;
  /** Of the container that ended before this one. */
  readonly previous: boolean;
  readonly lines: readonly string[];
}

/** What became of a connection that a pod has tried. */
export interface Probe {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  readonly reached: boolean;
  /** Why not, as the system calls it. */
  readonly code?: string;
}

/** Something that the user may not read, or that the cluster did not answer. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
  /** What a Role needs. @default - it is no matter of rights */
  readonly rule?: { readonly group: string; readonly resource: string; readonly verb: string };
}

/** The objects of a kind. */
export function ofKind({ items }: Pick<Facts, 'items'>, kind: string): Item[] {
  return items.filter((item) => item.kind === kind);
}

/** An object by its name. */
export function oneOf(facts: Pick<Facts, 'items'>, kind: string, name: string): Item | undefined {
  return ofKind(facts, kind).find(({ metadata }) => metadata.name === name);
}

/** The pods of a component that are to stay, the newest first. */
export function podsOf(facts: Pick<Facts, 'items'>, component?: string): Item[] {
  return ofKind(facts, 'Pod')
    .filter(({ metadata }) => !metadata.deletionTimestamp && (!component || componentOf({ metadata }) === component))
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1));
}

export function componentOf({ metadata }: Item): string {
  return metadata.labels?.['app.kubernetes.io/component'] ?? '';
}

/** All containers of a pod with their states, those that run first in front. */
export function containerStates({ status }: Item): Item[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** What happened to an object, the newest first. */
export function eventsOf(facts: Pick<Facts, 'items'>, kind: string, name: string): Item[] {
  return ofKind(facts, 'Event')
    .filter(({ involvedObject }) => involvedObject?.kind === kind && involvedObject?.name === name)
    .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}

/** When an event was seen last. */
export function timeOf({ lastTimestamp, eventTime, series, metadata }: Item): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '';
}

/** The lines that containers of a component have printed. */
export function linesOf({ logs }: Pick<Facts, 'logs'>, component: string, container?: string): string[] {
  return logs
    .filter((log) => log.component === component && (!container || log.container === container))
    .flatMap(({ lines }) => lines);
}

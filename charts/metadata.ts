import type { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../config/environment';
import { type Stage, stages } from './stages';

/** What a pod does; also the value of its component label and the handle of its NetworkPolicy. */
export type Component =
  | 'server'
  | 'migration'
  | 'maintenance'
  | 'postgres'
  | 'clickhouse'
  | 'mailpit'
  | 'seaweedfs'
  | 'buckets'
  | 'svix'
  | 'renderer'
  | 'backup';

/**
 * Base name of the objects: a constant, so no other name has to be found for them when a construct moves. The folder's
 * name is in the selectors all the same, as the instance: docs/how-to/upgrade.md says what renaming it takes.
 */
export const NAME = 'hexclave';

/** Labels that select all pods of the environment. Never a version in here: selectors are immutable. */
export function instanceLabels(env: Environment): Record<string, string> {
  return { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/instance': env.name };
}

/** Labels that select the pods of one component. */
export function selectorLabels(env: Environment, component: Component): Record<string, string> {
  return { ...instanceLabels(env), 'app.kubernetes.io/component': component };
}

/** The labels of every object and pod: the recommended Kubernetes ones, then the user's. */
export function labels(env: Environment, component?: Component): Record<string, string> {
  return {
    ...env.settings.labels,
    ...(component ? selectorLabels(env, component) : instanceLabels(env)),
    'app.kubernetes.io/part-of': NAME,
    'app.kubernetes.io/managed-by': 'cdk8s-hexclave',
  };
}

export interface MetadataProps {
  readonly name: string;
  readonly stage: Stage;
  readonly component?: Component;
  /** @default - none besides the standard ones */
  readonly labels?: Record<string, string>;
  /** @default - none besides the standard ones */
  readonly annotations?: Record<string, string>;
}

/** Metadata of a namespaced object. */
export function metadata(env: Environment, props: MetadataProps): k8s.ObjectMeta {
  return { namespace: env.namespace, ...clusterMetadata(env, props) };
}

/** Metadata of an object without a namespace. */
export function clusterMetadata(env: Environment, props: MetadataProps): k8s.ObjectMeta {
  return {
    name: props.name,
    labels: { ...labels(env, props.component), ...props.labels },
    annotations: {
      ...env.settings.annotations,
      'argocd.argoproj.io/sync-wave': String(stages[props.stage].wave),
      // Flux's postBuild.substitute would empty every ${NAME} in a script or a value that it does not know.
      'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
      ...props.annotations,
    },
  };
}

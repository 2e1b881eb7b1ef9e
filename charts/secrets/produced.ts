import type { Environment } from '../../config/environment';
import { labels } from '../metadata';
import type { Stage } from '../stages';

/** A Secret that something in the cluster makes from a committed object. */
export interface SourceProps {
  readonly stage: Stage;
  /** Name of the Secret, and of the object it is made from. */
  readonly secret: string;
  /** Its keys: variables by contract name, sorted. */
  readonly variables: readonly string[];
}

/**
 * Labels and annotations of a Secret that a controller makes. Without the instance label and any annotation of Argo CD:
 * by one or the other it would take the Secret for an object that git no longer has, and prune it.
 */
export function producedMetadata(env: Environment): {
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  const { 'app.kubernetes.io/instance': _, ...rest } = labels(env);
  const annotations = Object.entries(env.settings.annotations).filter(([key]) => !key.includes('argoproj.io/'));
  return { labels: rest, annotations: Object.fromEntries(annotations) };
}

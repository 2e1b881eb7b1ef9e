import { k8s } from 'cdk8s-plus-28';

export interface HttpProbesProps {
  /** Path that answers once the store serves. */
  readonly path: string;
  /** Name of the container's port. */
  readonly port: string;
  /** How often it is asked, three seconds apart, before a start counts as failed. */
  readonly startTries: number;
}

/** The three probes of a store that says over HTTP how it is. */
export function httpProbes({ path, port, startTries }: HttpProbesProps) {
  const probe = (periodSeconds: number, timeoutSeconds: number, failureThreshold: number): k8s.Probe => ({
    httpGet: { path, port: k8s.IntOrString.fromString(port) },
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
  });
  return {
    startupProbe: probe(3, 5, startTries),
    readinessProbe: probe(10, 5, 3),
    livenessProbe: probe(20, 10, 6),
  };
}

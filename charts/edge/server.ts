import type { Construct } from 'constructs';
import { edgeController } from '../../config/edge-controller';
import type { Environment } from '../../config/environment';
import type { Host } from './hosts';
import { ingressPresets } from './presets';

/** Annotations of a Service, for controllers that read their settings there. */
export function serviceAnnotations(env: Environment, host: Host): Record<string, string> {
  const { type, preset } = env.settings.edge;
  return type === 'ingress' ? (ingressPresets[preset].service?.(env, host) ?? {}) : {};
}

/** What those annotations name. */
export function serviceObjects(scope: Construct, env: Environment): void {
  const { type, preset } = env.settings.edge;
  if (type === 'ingress') ingressPresets[preset].serviceObjects?.(scope, env);
}

/**
 * How long the server keeps an idle connection: longer than the proxy, which would otherwise send a request on one that
 * Node just closed and answer 502.
 */
export function keepAliveMilliseconds(env: Environment): number {
  const idle = env.settings.edge.type === 'none' ? 60 : edgeController(env.settings).idleSeconds;
  return (idle + 15) * 1000;
}

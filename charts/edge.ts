import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { metadata, NAME } from './metadata';

/** One Ingress per host, so that a controller's annotations, certificates and health checks can differ. */
export function edge(scope: Construct, env: Environment): void {
  if (env.settings.edge.type === 'none') return;
  for (const host of ['api', 'dashboard'] as const) ingress(scope, env, host);
}

function ingress(scope: Construct, env: Environment, which: 'api' | 'dashboard'): void {
  const { edge: settings } = env.settings;
  const host = env.hosts[which];
  const certificate = certificateSecret(env, which);
  new k8s.KubeIngress(scope, which, {
    metadata: metadata(env, {
      name: `${NAME}-${which}`,
      stage: 'edge',
      component: 'server',
      annotations: { ...issuerAnnotation(env), ...settings.annotations },
    }),
    spec: {
      ingressClassName: settings.ingressClassName,
      tls: certificate ? [{ hosts: [host], secretName: certificate }] : undefined,
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: `${NAME}-${which}`, port: { name: which } } },
              },
            ],
          },
        },
      ],
    },
  });
}

/** The TLS Secret of a host; undefined where TLS ends in front of the Ingress. */
function certificateSecret(env: Environment, which: 'api' | 'dashboard'): string | undefined {
  const { tls } = env.settings.edge;
  if (!tls || 'external' in tls) return undefined;
  return 'secrets' in tls ? tls.secrets[which] : `${NAME}-${which}-tls`;
}

function issuerAnnotation(env: Environment): Record<string, string> {
  const { tls } = env.settings.edge;
  if (tls && 'clusterIssuer' in tls) return { 'cert-manager.io/cluster-issuer': tls.clusterIssuer };
  if (tls && 'issuer' in tls) return { 'cert-manager.io/issuer': tls.issuer };
  return {};
}

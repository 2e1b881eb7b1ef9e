import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import {
  ServersTransportSpecForwardingTimeoutsIdleConnTimeout as IdleConnTimeout,
  Middleware,
  ServersTransportSpecForwardingTimeoutsResponseHeaderTimeout as ResponseHeaderTimeout,
  ServersTransport,
} from '../../imports/traefik.io';
import { metadata, NAME } from '../metadata';
import { hosts, ingressRules } from './hosts';
import { READ_SECONDS } from './needs';
import { endsTls } from './tls';

/** Middlewares, and routers that use them. No limit of the body: Traefik's is a middleware that buffers answers too. */
export function traefikObjects(scope: Construct, env: Environment): void {
  const { hsts } = env.settings.edge;
  const named = (name: string) => metadata(env, { name: `${NAME}-${name}`, stage: 'edge', component: 'server' });
  if (hsts > 0) {
    new Middleware(scope, 'hsts', {
      metadata: named('hsts'),
      // Behind another proxy's TLS the connection is plain, and Traefik would leave the header out.
      spec: { headers: { stsSeconds: hsts, forceStsHeader: endsTls(env) ? undefined : true } },
    });
  }
  if (endsTls(env)) {
    new Middleware(scope, 'redirect-scheme', {
      metadata: named('redirect'),
      spec: { redirectScheme: { scheme: 'https', permanent: true } },
    });
    redirectIngress(scope, env);
  }
}

export function traefikService(env: Environment): Record<string, string> {
  return {
    'traefik.ingress.kubernetes.io/service.serverstransport': `${env.namespace}-${NAME}-transport@kubernetescrd`,
  };
}

export function traefikTransport(scope: Construct, env: Environment): void {
  new ServersTransport(scope, 'transport', {
    metadata: metadata(env, { name: `${NAME}-transport`, stage: 'server', component: 'server' }),
    spec: {
      forwardingTimeouts: {
        responseHeaderTimeout: ResponseHeaderTimeout.fromString(`${READ_SECONDS}s`),
        // Traefik's 90 s are longer than the server keeps a connection: it would reuse one that is being closed.
        idleConnTimeout: IdleConnTimeout.fromString('60s'),
      },
    },
  });
}

/** Routers of the plain entry point. Traefik answers 301 to GET and 308 to everything else. */
function redirectIngress(scope: Construct, env: Environment): void {
  new k8s.KubeIngress(scope, 'redirect', {
    metadata: metadata(env, {
      name: `${NAME}-redirect`,
      stage: 'edge',
      component: 'server',
      annotations: {
        'traefik.ingress.kubernetes.io/router.entrypoints': 'web',
        'traefik.ingress.kubernetes.io/router.middlewares': `${env.namespace}-${NAME}-redirect@kubernetescrd`,
      },
    }),
    spec: { ingressClassName: env.settings.edge.ingressClassName ?? 'traefik', rules: ingressRules(env, hosts) },
  });
}

import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { BackendConfig } from '../../imports/cloud.google.com';
import { FrontendConfig, ManagedCertificate } from '../../imports/networking.gke.io';
import { metadata, NAME } from '../metadata';
import { type Host, hosts, ports } from './hosts';
import { hstsHeader, READ_SECONDS } from './needs';
import { endsTls } from './tls';

/** Settings of the load balancer towards the pods. */
export function gkeBackends(scope: Construct, env: Environment): void {
  const { hsts } = env.settings.edge;
  for (const host of hosts) {
    new BackendConfig(scope, `backend-config-${host}`, {
      metadata: metadata(env, { name: `${NAME}-${host}`, stage: 'server', component: 'server' }),
      spec: {
        timeoutSec: READ_SECONDS,
        connectionDraining: { drainingTimeoutSec: 60 },
        healthCheck: { type: 'HTTP', requestPath: '/health', port: ports[host] },
        customRequestHeaders: { headers: ['X-Real-IP:{client_ip_address}', `X-Forwarded-Host:${env.hosts[host]}`] },
        customResponseHeaders: hsts > 0 ? { headers: [`Strict-Transport-Security: ${hstsHeader(env)}`] } : undefined,
      },
    });
  }
}

/** Settings of the load balancer towards the clients, and the certificate that Google makes for it. */
export function gkeObjects(scope: Construct, env: Environment): void {
  const { tls } = env.settings.edge;
  if (endsTls(env)) {
    new FrontendConfig(scope, 'frontend-config', {
      metadata: metadata(env, { name: NAME, stage: 'edge', component: 'server' }),
      // Google's name for 308.
      spec: { redirectToHttps: { enabled: true, responseCodeName: 'PERMANENT_REDIRECT' } },
    });
  }
  if (tls && 'managedCertificate' in tls) {
    new ManagedCertificate(scope, 'managed-certificate', {
      metadata: metadata(env, { name: NAME, stage: 'edge', component: 'server' }),
      spec: { domains: hosts.map((host) => env.hosts[host]) },
    });
  }
}

export function gkeService(_: Environment, host: Host): Record<string, string> {
  return {
    // Straight to the pods, so that the pods' readiness is the load balancer's.
    'cloud.google.com/neg': JSON.stringify({ ingress: true }),
    'cloud.google.com/backend-config': JSON.stringify({ default: `${NAME}-${host}` }),
  };
}

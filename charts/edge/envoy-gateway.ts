import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import {
  BackendTrafficPolicy,
  ClientTrafficPolicy,
  BackendTrafficPolicySpecRequestBufferLimit as Limit,
} from '../../imports/gateway.envoyproxy.io';
import { metadata, NAME } from '../metadata';
import { hosts } from './hosts';
import { BODY_MEGABYTES } from './needs';

const GATEWAY_API = 'gateway.networking.k8s.io';

/** What Envoy Gateway takes in policies of its own: the limit of the body, idle connections, and forged headers. */
export function envoyPolicies(scope: Construct, env: Environment): void {
  new BackendTrafficPolicy(scope, 'backend-policy', {
    metadata: metadata(env, { name: NAME, stage: 'edge', component: 'server' }),
    spec: {
      targetRefs: hosts.map((host) => ({ group: GATEWAY_API, kind: 'HTTPRoute', name: `${NAME}-${host}` })),
      // Envoy takes bodies of any size otherwise. It holds a request until it is whole; answers stream all the same.
      requestBuffer: { limit: Limit.fromString(`${BODY_MEGABYTES}Mi`) },
      // Envoy's hour is longer than the server keeps a connection: it would reuse one that is being closed.
      timeout: { http: { connectionIdleTimeout: '60s' } },
    },
  });
  // A policy has to live beside its Gateway, and one for a Gateway of somebody else would change their routes too.
  if (!env.settings.edge.gateway?.create) return;
  new ClientTrafficPolicy(scope, 'client-policy', {
    metadata: metadata(env, { name: NAME, stage: 'edge', component: 'server' }),
    spec: {
      targetRefs: [{ group: GATEWAY_API, kind: 'Gateway', name: NAME }],
      // Before Envoy appends the client's address, so that what it appends is all there is.
      headers: { earlyRequestHeaders: { remove: ['X-Forwarded-For'] } },
    },
  });
}

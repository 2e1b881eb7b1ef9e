import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import {
  RouteSpecHttpHeadersActionsRequestActionType as ActionType,
  RouteSpecTlsInsecureEdgeTerminationPolicy as Insecure,
  Route,
  RouteSpecTlsTermination as Termination,
  RouteSpecToKind as ToKind,
  RouteSpecWildcardPolicy as Wildcard,
} from '../../imports/route.openshift.io';
import { metadata, NAME } from '../metadata';
import { type Host, hosts } from './hosts';
import { hstsHeader, READ_SECONDS } from './needs';
import { certificateSecret, certificates } from './tls';

/** OpenShift's own way in: a Route per host. */
export function routes(scope: Construct, env: Environment): void {
  certificates(scope, env);
  for (const host of hosts) route(scope, env, host);
  const secrets = hosts.map((host) => certificateSecret(env, host)).filter((name) => name !== undefined);
  if (secrets.length > 0) routerMayRead(scope, env, [...new Set(secrets)]);
}

function route(scope: Construct, env: Environment, host: Host): void {
  const certificate = certificateSecret(env, host);
  new Route(scope, `route-${host}`, {
    metadata: metadata(env, {
      name: `${NAME}-${host}`,
      stage: 'edge',
      component: 'server',
      annotations: {
        'haproxy.router.openshift.io/timeout': `${READ_SECONDS}s`,
        'haproxy.router.openshift.io/set-forwarded-headers': 'replace',
        // The server keeps no sessions in a pod.
        'haproxy.router.openshift.io/disable_cookies': 'true',
        ...(env.settings.edge.hsts > 0 && { 'haproxy.router.openshift.io/hsts_header': hstsHeader(env) }),
        ...env.settings.edge.annotations,
      },
    }),
    spec: {
      host: env.hosts[host],
      to: { kind: ToKind.SERVICE, name: `${NAME}-${host}`, weight: 100 },
      port: { targetPort: host },
      wildcardPolicy: Wildcard.NONE,
      tls: {
        termination: Termination.EDGE,
        insecureEdgeTerminationPolicy: Insecure.REDIRECT,
        externalCertificate: certificate ? { name: certificate } : undefined,
      },
      httpHeaders: {
        actions: {
          request: [
            {
              name: 'X-Real-IP',
              // Runs after the router has replaced that header; the client's address itself is no value it takes here.
              action: { type: ActionType.SET, set: { value: '%[req.hdr(X-Forwarded-For)]' } },
            },
          ],
        },
      },
    },
  });
}

/** The router reads a Route's certificate with its own account, and is refused without this. */
function routerMayRead(scope: Construct, env: Environment, secrets: string[]): void {
  const meta = metadata(env, { name: `${NAME}-router-certificates`, stage: 'edge', component: 'server' });
  new k8s.KubeRole(scope, 'router-role', {
    metadata: meta,
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: secrets, verbs: ['get', 'list', 'watch'] }],
  });
  new k8s.KubeRoleBinding(scope, 'router-binding', {
    metadata: meta,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: meta.name! },
    subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' }],
  });
}

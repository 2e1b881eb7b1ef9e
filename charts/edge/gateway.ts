import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import {
  HttpRouteSpecRulesFiltersType as FilterType,
  GatewaySpecListenersAllowedRoutesNamespacesFrom as From,
  Gateway,
  HttpRoute,
  type HttpRouteSpecRulesFilters,
  HttpRouteSpecRulesMatchesPathType as PathType,
  ReferenceGrant,
  HttpRouteSpecRulesFiltersRequestRedirectScheme as Scheme,
  HttpRouteSpecRulesFiltersRequestRedirectStatusCode as StatusCode,
  GatewaySpecListenersTlsMode as TlsMode,
} from '../../imports/gateway.networking.k8s.io';
import { metadata, NAME } from '../metadata';
import { envoyPolicies } from './envoy-gateway';
import { type Host, hosts, ports } from './hosts';
import { hstsHeader, READ_SECONDS } from './needs';
import { certificateSecret, certificates, endsTls } from './tls';

/** A route per host on a Gateway, the redirect from http, and on request the Gateway itself. */
export function gateway(scope: Construct, env: Environment): void {
  const settings = env.settings.edge.gateway!;
  certificates(scope, env);
  if (settings.create) ownGateway(scope, env);
  else referenceGrant(scope, env);
  for (const host of hosts) route(scope, env, host);
  if (redirects(env)) redirectRoute(scope, env);
  if (env.settings.edge.preset === 'envoy-gateway') envoyPolicies(scope, env);
}

/** Whether http has a listener to be sent on from, and https one to be sent to. */
function redirects(env: Environment): boolean {
  const { redirect, create } = env.settings.edge.gateway!;
  return redirect !== false && (!create || endsTls(env));
}

function route(scope: Construct, env: Environment, host: Host): void {
  new HttpRoute(scope, `route-${host}`, {
    metadata: metadata(env, {
      name: `${NAME}-${host}`,
      stage: 'edge',
      component: 'server',
      annotations: env.settings.edge.annotations,
    }),
    spec: {
      parentRefs: [parent(env, httpsSection(env, host))],
      hostnames: [env.hosts[host]],
      rules: [
        {
          matches: [{ path: { type: PathType.PATH_PREFIX, value: '/' } }],
          filters: filters(env, host),
          backendRefs: [{ name: `${NAME}-${host}`, port: ports[host] }],
          timeouts: { request: `${READ_SECONDS}s`, backendRequest: `${READ_SECONDS}s` },
        },
      ],
    },
  });
}

/** Headers that are known here are set, so that no client chooses them. CORS is the server's own affair. */
function filters(env: Environment, host: Host): HttpRouteSpecRulesFilters[] {
  const set = [
    { name: 'X-Forwarded-Host', value: env.hosts[host] },
    { name: 'X-Forwarded-Proto', value: 'https' },
    // Envoy's own variable; these controllers hand the value of a filter to Envoy as it is.
    ...(['contour', 'cilium', 'envoy-gateway'].includes(env.settings.edge.preset)
      ? [{ name: 'X-Real-IP', value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' }]
      : []),
  ];
  return [
    { type: FilterType.REQUEST_HEADER_MODIFIER, requestHeaderModifier: { set } },
    ...(env.settings.edge.hsts > 0
      ? [
          {
            type: FilterType.RESPONSE_HEADER_MODIFIER,
            responseHeaderModifier: { set: [{ name: 'Strict-Transport-Security', value: hstsHeader(env) }] },
          },
        ]
      : []),
  ];
}

function redirectRoute(scope: Construct, env: Environment): void {
  const { httpSection, redirect, create } = env.settings.edge.gateway!;
  new HttpRoute(scope, 'route-redirect', {
    metadata: metadata(env, {
      name: `${NAME}-redirect`,
      stage: 'edge',
      component: 'server',
      annotations: env.settings.edge.annotations,
    }),
    spec: {
      parentRefs: [parent(env, create ? 'http' : httpSection)],
      hostnames: hosts.map((host) => env.hosts[host]),
      rules: [
        {
          filters: [
            {
              type: FilterType.REQUEST_REDIRECT,
              requestRedirect: {
                scheme: Scheme.HTTPS,
                statusCode: redirect === 301 ? StatusCode.VALUE_301 : StatusCode.VALUE_308,
              },
            },
          ],
        },
      ],
    },
  });
}

function parent(env: Environment, sectionName: string) {
  const { create, name, namespace } = env.settings.edge.gateway!;
  return create ? { name: NAME, sectionName } : { name: name!, namespace, sectionName };
}

function httpsSection(env: Environment, host: Host): string {
  const { create, section } = env.settings.edge.gateway!;
  if (create) return endsTls(env) ? `https-${host}` : 'http';
  return typeof section === 'string' ? section : section[host];
}

function ownGateway(scope: Construct, env: Environment): void {
  const { className, annotations, httpPort, httpsPort } = env.settings.edge.gateway!.create!;
  // Traefik looks for an entry point on the listener's port; its chart has them on these and maps 80 and 443 in front.
  const [http, https] = env.settings.edge.preset === 'traefik' ? [8000, 8443] : [80, 443];
  // Other namespaces must not answer for these hosts.
  const allowedRoutes = { namespaces: { from: From.SAME } };
  new Gateway(scope, 'gateway', {
    metadata: metadata(env, { name: NAME, stage: 'edge', component: 'server', annotations }),
    spec: {
      gatewayClassName: className,
      listeners: [
        { name: 'http', port: httpPort ?? http, protocol: 'HTTP', allowedRoutes },
        ...hosts.flatMap((host) => {
          const name = certificateSecret(env, host);
          if (!name) return [];
          return [
            {
              name: `https-${host}`,
              hostname: env.hosts[host],
              port: httpsPort ?? https,
              protocol: 'HTTPS',
              tls: { mode: TlsMode.TERMINATE, certificateRefs: [{ name }] },
              allowedRoutes,
            },
          ];
        }),
      ],
    },
  });
}

/** Lets a Gateway of another namespace read the certificates of this one. */
function referenceGrant(scope: Construct, env: Environment): void {
  const { namespace } = env.settings.edge.gateway!;
  const secrets = hosts.map((host) => certificateSecret(env, host)).filter((name) => name !== undefined);
  if (namespace === undefined || namespace === env.namespace || secrets.length === 0) return;
  new ReferenceGrant(scope, 'grant', {
    metadata: metadata(env, { name: `${NAME}-certificates`, stage: 'edge', component: 'server' }),
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace }],
      to: [...new Set(secrets)].map((name) => ({ group: '', kind: 'Secret', name })),
    },
  });
}

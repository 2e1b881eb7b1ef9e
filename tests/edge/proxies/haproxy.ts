import type { KubeObject } from '../../support/objects';
import { annotationsOf, type Controller, hostOf, type Site, scaled } from './proxy';

/** What a controller writes into the frontends, under the condition of a host, and into the backend of the host. */
interface Rules {
  readonly frontend: readonly string[];
  readonly backend: readonly string[];
}

/** HAProxy Technologies' controller 3.2, after its rules and the defaults of its ConfigMap. */
export const haproxyIngress: Controller = {
  program: 'haproxy',
  kind: 'Ingress',
  configuration: (objects, site) => whole(objects, site, { client: '50s', server: '50s' }, ingressRules),
};

/** OpenShift's router, after its haproxy-config.template: 30 s for both sides unless a Route says otherwise. */
export const openshiftRouter: Controller = {
  program: 'haproxy',
  kind: 'Route',
  configuration: (objects, site) => whole(objects, site, { client: '30s', server: '30s' }, routeRules),
};

function ingressRules(object: KubeObject, site: Site): Rules {
  const given = annotationsOf(object, 'haproxy.org/', [
    ...['timeout-server', 'forwarded-for', 'request-set-header', 'response-set-header'],
    ...['ssl-redirect', 'ssl-redirect-code', 'ssl-redirect-port'],
  ]);
  const redirects = given['ssl-redirect'] === 'true' || (!given['ssl-redirect'] && object.spec.tls !== undefined);
  const port = given['ssl-redirect-port'] ?? '8443';
  const target = port === '443' ? 'scheme https' : `location https://%[hdr(host),field(1,:)]:${port}%[capture.req.uri]`;
  return {
    frontend: [
      ...(redirects
        ? [`http-request redirect ${target} code ${given['ssl-redirect-code'] ?? '302'} if !{ ssl_fc }`]
        : []),
      ...headers(given['request-set-header']).map((header) => `http-request set-header ${header}`),
      ...headers(given['response-set-header']).map((header) => `http-response set-header ${header}`),
    ],
    backend: [
      ...(given['forwarded-for'] === 'false' ? [] : ['option forwardfor']),
      ...(given['timeout-server'] ? [`timeout server ${scaled(given['timeout-server'], site)}ms`] : []),
    ],
  };
}

/** `Name value`, a line each; the controller puts quotes around the value unless it has some. */
function headers(value = ''): string[] {
  return value
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
      return `${name} ${rest.startsWith('"') ? rest : `"${rest}"`}`;
    });
}

function routeRules(object: KubeObject, site: Site): Rules {
  const given = annotationsOf(object, 'haproxy.router.openshift.io/', [
    ...['timeout', 'set-forwarded-headers', 'disable_cookies', 'hsts_header'],
  ]);
  const { termination, insecureEdgeTerminationPolicy } = object.spec.tls;
  if (termination !== 'edge' || insecureEdgeTerminationPolicy !== 'Redirect') throw new Error('not translated');
  const replace = given['set-forwarded-headers'] === 'replace';
  return {
    frontend: ['http-request redirect scheme https if !{ ssl_fc }'],
    backend: [
      ...(replace ? [] : ['option forwardfor']),
      ...(given.timeout ? [`timeout server ${scaled(given.timeout, site)}ms`] : []),
      ...(replace
        ? [
            'http-request set-header X-Forwarded-For %[src]',
            'http-request set-header X-Forwarded-Host %[req.hdr(host)]',
            'http-request set-header X-Forwarded-Proto http if !{ ssl_fc }',
            'http-request set-header X-Forwarded-Proto https if { ssl_fc }',
          ]
        : []),
      ...(object.spec.httpHeaders?.actions.request ?? []).map(
        ({ name, action }: KubeObject) => `http-request set-header ${name} '${action.set.value}'`,
      ),
      ...(given.hsts_header ? [`http-response set-header Strict-Transport-Security '${given.hsts_header}'`] : []),
    ],
  };
}

function whole(
  objects: readonly KubeObject[],
  site: Site,
  timeouts: { client: string; server: string },
  translate: (object: KubeObject, site: Site) => Rules,
): string {
  const all = objects.map((object) => ({ ...translate(object, site), ...hostOf(object) }));
  const frontend = (name: string, bind: string) => `
frontend ${name}
  bind 127.0.0.1:${bind}
  http-request set-var(txn.host) hdr(host),field(1,:)
${all.flatMap(({ frontend, host }) => frontend.map((rule) => `  ${onlyFor(host, rule)}`)).join('\n')}
${all.map(({ name, host }) => `  use_backend ${name} if { hdr(host),field(1,:) -i ${host} }`).join('\n')}
`;
  return `
defaults
  mode http
  timeout connect 5s
  timeout http-request 5s
  timeout client ${scaled(timeouts.client, site)}ms
  timeout server ${scaled(timeouts.server, site)}ms
${frontend('plain', String(site.http))}
${frontend('tls', `${site.https} ssl crt ${site.certificate}`)}
${all.map(({ name, backend }) => `backend ${name}\n${backend.map((rule) => `  ${rule}\n`).join('')}  server pod 127.0.0.1:${site.origin.ports[name]}\n`).join('\n')}
`;
}

/** A rule for one host only. A response has none, so it is remembered from the request. */
function onlyFor(host: string, rule: string): string {
  const condition = `${rule.startsWith('http-response') ? 'var(txn.host) -m str' : 'hdr(host),field(1,:)'} -i ${host}`;
  return `${rule}${rule.includes(' if ') ? '' : ' if'} { ${condition} }`;
}

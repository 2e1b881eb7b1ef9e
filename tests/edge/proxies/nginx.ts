import type { KubeObject } from '../../support/objects';
import { annotationsOf, type Controller, hostOf, type Site, scaled } from './proxy';

/** What a controller writes into a server and a location of nginx. */
interface Server {
  readonly limits: { body: string; read: string; buffering: string };
  readonly redirect: string | undefined;
  readonly headers: readonly string[];
  readonly hsts: string | undefined;
  /** The condition under which the header is sent. */
  readonly hstsIf: string;
}

/** F5 NGINX Ingress Controller 5, after its nginx.ingress.tmpl and the defaults of its ConfigMap. */
export const f5Nginx: Controller = {
  program: 'nginx',
  kind: 'Ingress',
  configuration: (objects, site) => whole(objects, site, f5Server),
};

/** ingress-nginx 1.15, after its nginx.tmpl and the defaults of its ConfigMap. */
export const ingressNginx: Controller = {
  program: 'nginx',
  kind: 'Ingress',
  configuration: (objects, site) => whole(objects, site, legacyServer),
};

function f5Server(object: KubeObject): Server {
  const given = annotationsOf(object, 'nginx.org/', [
    ...['client-max-body-size', 'proxy-read-timeout', 'proxy-send-timeout', 'proxy-buffering', 'ssl-redirect'],
    ...['redirect-to-https', 'http-redirect-code', 'hsts', 'hsts-max-age', 'hsts-behind-proxy'],
  ]);
  const tls = object.spec.tls !== undefined;
  const code = given['http-redirect-code'] ?? '301';
  const behind = given['redirect-to-https'] === 'true';
  const redirects = [
    tls && given['ssl-redirect'] !== 'false' && `if ($scheme = http) { return ${code} https://$host:443$request_uri; }`,
    behind && `if ($http_x_forwarded_proto = 'http') { return ${code} https://$host$request_uri; }`,
  ];
  return {
    limits: {
      body: given['client-max-body-size'] ?? '1m',
      read: given['proxy-read-timeout'] ?? '60s',
      buffering: given['proxy-buffering'] === 'false' ? 'off' : 'on',
    },
    redirect: redirects.filter(Boolean).join('\n'),
    headers: [
      'Host $host',
      'X-Real-IP $remote_addr',
      'X-Forwarded-For $proxy_add_x_forwarded_for',
      'X-Forwarded-Host $host',
      `X-Forwarded-Proto ${behind ? 'https' : '$scheme'}`,
    ],
    hsts: given.hsts === 'true' ? `max-age=${given['hsts-max-age'] ?? '2592000'}; preload` : undefined,
    hstsIf: given['hsts-behind-proxy'] === 'true' ? "$http_x_forwarded_proto = 'https'" : '$https = on',
  };
}

function legacyServer(object: KubeObject): Server {
  const given = annotationsOf(object, 'nginx.ingress.kubernetes.io/', [
    ...['proxy-body-size', 'proxy-read-timeout', 'proxy-send-timeout', 'proxy-buffering', 'ssl-redirect', 'limit-rps'],
  ]);
  const redirects = object.spec.tls !== undefined && given['ssl-redirect'] !== 'false';
  return {
    limits: {
      body: given['proxy-body-size'] ?? '1m',
      read: given['proxy-read-timeout'] ?? '60',
      buffering: given['proxy-buffering'] ?? 'off',
    },
    redirect: redirects ? 'if ($scheme = http) { return 308 https://$host$request_uri; }' : undefined,
    headers: [
      'Host $http_host',
      'X-Real-IP $remote_addr',
      'X-Forwarded-For $remote_addr',
      'X-Forwarded-Host $http_host',
      'X-Forwarded-Proto $scheme',
    ],
    hsts: 'max-age=31536000; includeSubDomains',
    hstsIf: '$https = on',
  };
}

function whole(objects: readonly KubeObject[], site: Site, translate: (object: KubeObject) => Server): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid ${site.folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${site.folder}/${name};`).join('\n  ')}
${objects.map((object) => server(translate(object), hostOf(object), site)).join('\n')}
}
`;
}

function server(
  { limits, redirect, headers, hsts, hstsIf }: Server,
  { name, host }: ReturnType<typeof hostOf>,
  site: Site,
): string {
  return `
  server {
    listen 127.0.0.1:${site.http};
    listen 127.0.0.1:${site.https} ssl;
    ssl_certificate ${site.certificate};
    ssl_certificate_key ${site.key};
    server_name ${host};
    ${hsts ? `set $hsts ""; if (${hstsIf}) { set $hsts "${hsts}"; }\n    add_header Strict-Transport-Security $hsts always;` : ''}
    ${redirect ?? ''}
    location / {
      proxy_http_version 1.1;
      client_max_body_size ${limits.body};
      proxy_read_timeout ${scaled(limits.read, site)}ms;
      proxy_buffering ${limits.buffering};
      ${headers.map((header) => `proxy_set_header ${header};`).join('\n      ')}
      proxy_pass http://127.0.0.1:${site.origin.ports[name]};
    }
  }`;
}

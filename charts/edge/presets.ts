import type { Construct } from 'constructs';
import type { PresetName } from '../../config/edge-presets';
import type { Environment } from '../../config/environment';
import { NAME } from '../metadata';
import { gkeBackends, gkeObjects, gkeService } from './gke';
import type { Host } from './hosts';
import { BODY_MEGABYTES, hstsHeader, READ_SECONDS } from './needs';
import { endsTls } from './tls';
import { traefikObjects, traefikService, traefikTransport } from './traefik';

/** How an Ingress is written for a controller. */
export interface IngressPreset {
  /** @default - the cluster's default class */
  readonly className?: string;
  /** The class goes into the old annotation, because the controller ignores the field. @default false */
  readonly classAnnotation?: boolean;
  /** One Ingress for both hosts, because each makes a load balancer that costs money. @default false */
  readonly together?: boolean;
  annotations(env: Environment, host: Host): Record<string, string>;
  /** What is emitted beside the Ingress objects. @default - nothing */
  objects?(scope: Construct, env: Environment): void;
  /** Annotations the controller reads on the Service. @default - none */
  service?(env: Environment, host: Host): Record<string, string>;
  /** What those name. It comes with the Services: what a Service names and is not there is an outage. @default - nothing */
  serviceObjects?(scope: Construct, env: Environment): void;
}

/** One entry a controller; what it cannot be told is in config/edge-presets.ts. Snippets are never used: they run as root. */
export const ingressPresets: Readonly<Record<PresetName, IngressPreset>> = {
  none: { annotations: () => ({}) },
  traefik: {
    className: 'traefik',
    annotations: (env) => ({
      'traefik.ingress.kubernetes.io/router.entrypoints': endsTls(env) ? 'websecure' : 'web',
      // The Ingress's certificates alone make no router for https: only this does, or the entry point's configuration.
      ...(endsTls(env) && { 'traefik.ingress.kubernetes.io/router.tls': 'true' }),
      ...(env.settings.edge.hsts > 0 && {
        'traefik.ingress.kubernetes.io/router.middlewares': `${env.namespace}-${NAME}-hsts@kubernetescrd`,
      }),
    }),
    objects: traefikObjects,
    service: traefikService,
    serviceObjects: traefikTransport,
  },
  haproxy: {
    className: 'haproxy',
    annotations: (env) => ({
      'haproxy.org/timeout-server': `${READ_SECONDS}s`,
      // Set below; the controller's own option appends to what the client sent.
      'haproxy.org/forwarded-for': 'false',
      'haproxy.org/request-set-header': [
        'X-Real-IP %[src]',
        'X-Forwarded-For %[src]',
        'X-Forwarded-Host %[req.hdr(host)]',
        `X-Forwarded-Proto ${endsTls(env) ? '%[ssl_fc,iif(https,http)]' : 'https'}`,
      ].join('\n'),
      'haproxy.org/ssl-redirect': String(endsTls(env)),
      // The controller's default port is 8443: the one it listens on, not the one clients see.
      ...(endsTls(env) && { 'haproxy.org/ssl-redirect-code': '308', 'haproxy.org/ssl-redirect-port': '443' }),
      ...(env.settings.edge.hsts > 0 && {
        'haproxy.org/response-set-header': `Strict-Transport-Security "${hstsHeader(env)}"`,
      }),
    }),
  },
  'f5-nginx': {
    className: 'nginx',
    annotations: (env, host) => ({
      'nginx.org/client-max-body-size': `${BODY_MEGABYTES}m`,
      'nginx.org/proxy-read-timeout': `${READ_SECONDS}s`,
      'nginx.org/proxy-send-timeout': `${READ_SECONDS}s`,
      ...(host === 'api' && { 'nginx.org/proxy-buffering': 'false' }),
      // By the scheme of the connection, or of X-Forwarded-Proto where TLS ends in front.
      ...(endsTls(env) ? { 'nginx.org/ssl-redirect': 'true' } : { 'nginx.org/redirect-to-https': 'true' }),
      'nginx.org/http-redirect-code': '308',
      ...(env.settings.edge.hsts > 0 && {
        'nginx.org/hsts': 'true',
        'nginx.org/hsts-max-age': String(env.settings.edge.hsts),
        ...(!endsTls(env) && { 'nginx.org/hsts-behind-proxy': 'true' }),
      }),
    }),
  },
  contour: {
    className: 'contour',
    annotations: (env) => ({
      'projectcontour.io/response-timeout': `${READ_SECONDS}s`,
      'ingress.kubernetes.io/force-ssl-redirect': String(endsTls(env)),
    }),
  },
  cilium: {
    className: 'cilium',
    annotations: (env) => ({
      'ingress.cilium.io/request-timeout': `${READ_SECONDS}s`,
      'ingress.cilium.io/force-https': endsTls(env) ? 'enabled' : 'disabled',
    }),
  },
  'aws-alb': {
    className: 'alb',
    annotations: (env) => ({
      'alb.ingress.kubernetes.io/scheme': 'internet-facing',
      // Straight to the pods: the Services are ClusterIP, which instance targets cannot use.
      'alb.ingress.kubernetes.io/target-type': 'ip',
      // Both Ingress objects in one load balancer.
      'alb.ingress.kubernetes.io/group.name': env.namespace,
      'alb.ingress.kubernetes.io/healthcheck-path': '/health',
      'alb.ingress.kubernetes.io/load-balancer-attributes': `idle_timeout.timeout_seconds=${READ_SECONDS}`,
      ...albTls(env),
    }),
  },
  gke: {
    className: 'gce',
    classAnnotation: true,
    together: true,
    annotations: (env) => ({
      ...(endsTls(env) && { 'networking.gke.io/v1beta1.FrontendConfig': NAME }),
      ...(env.settings.edge.tls &&
        'managedCertificate' in env.settings.edge.tls && { 'networking.gke.io/managed-certificates': NAME }),
    }),
    objects: gkeObjects,
    service: gkeService,
    serviceObjects: gkeBackends,
  },
  'envoy-gateway': { annotations: () => ({}) },
  'nginx-legacy': {
    className: 'nginx',
    annotations: (env, host) => ({
      'nginx.ingress.kubernetes.io/proxy-body-size': `${BODY_MEGABYTES}m`,
      'nginx.ingress.kubernetes.io/proxy-read-timeout': String(READ_SECONDS),
      'nginx.ingress.kubernetes.io/proxy-send-timeout': String(READ_SECONDS),
      ...(host === 'api' && { 'nginx.ingress.kubernetes.io/proxy-buffering': 'off' }),
      // 308 and HSTS are the controller's defaults.
      'nginx.ingress.kubernetes.io/ssl-redirect': String(endsTls(env)),
    }),
  },
};

/** Listeners, redirect and certificates of an Application Load Balancer. */
function albTls(env: Environment): Record<string, string> {
  const { tls, hsts } = env.settings.edge;
  if (!endsTls(env)) return { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80}]' };
  return {
    'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    'alb.ingress.kubernetes.io/ssl-redirect': '443',
    ...(tls &&
      'certificateArns' in tls && { 'alb.ingress.kubernetes.io/certificate-arn': tls.certificateArns.join(',') }),
    ...(hsts > 0 && {
      'alb.ingress.kubernetes.io/listener-attributes.HTTPS-443': `routing.http.response.strict_transport_security.header_value=${hstsHeader(env)}`,
    }),
  };
}

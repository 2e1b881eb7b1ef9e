import type { Changes } from '../../support/draft';
import type { Case } from './case';

const TLS = { clusterIssuer: 'letsencrypt' };
const at = (fields: object, more: object = {}): Changes => ({ settings: { edge: { tls: TLS, ...fields }, ...more } });
const trusting = (who: string | undefined, fields: object = {}): Changes => ({
  ...at(fields),
  config: { HEXCLAVE_TRUSTED_PROXY: who },
});
const open = (network: object, fields: object = { preset: 'traefik' }) => at(fields, { network });

/** What stands in front of the server. */
export const edge: Readonly<Record<string, Case>> = {
  'edge-tls-missing': {
    trips: [at({ tls: undefined }), at({ tls: undefined, type: 'gateway', gateway: { name: 'public' } })],
    spares: [
      at({ tls: undefined, type: 'none' }),
      at({ tls: { external: true } }),
      at({ tls: { secrets: { api: 'tls', dashboard: 'tls' } } }),
    ],
  },
  'edge-tls-unfit': {
    trips: [
      at({ preset: 'aws-alb' }),
      at({ preset: 'aws-alb', tls: { secrets: { api: 'tls', dashboard: 'tls' } } }),
      at({ preset: 'traefik', tls: { certificateArns: ['arn:aws:acm:eu-west-1:1:certificate/a'] } }),
      at({ preset: 'traefik', tls: { managedCertificate: true } }),
      at({ type: 'gateway', preset: 'gke', gateway: { name: 'public' }, tls: { managedCertificate: true } }),
    ],
    spares: [
      at({ preset: 'aws-alb', tls: { certificateArns: ['arn:aws:acm:eu-west-1:1:certificate/a'] } }),
      at({ preset: 'aws-alb', tls: { external: true } }),
      at({ preset: 'gke', tls: { managedCertificate: true } }),
      at({ preset: 'gke' }),
      at({ type: 'none', tls: { managedCertificate: true } }),
    ],
  },
  'edge-preset-type': {
    trips: [
      at({ preset: 'envoy-gateway' }),
      at({ type: 'gateway', gateway: { name: 'public' }, preset: 'haproxy' }),
      at({ type: 'gateway', gateway: { name: 'public' }, preset: 'gke' }),
    ],
    spares: [
      at({ type: 'gateway', gateway: { name: 'public' }, preset: 'envoy-gateway' }),
      at({ type: 'gateway', gateway: { name: 'public' } }),
      at({ preset: 'haproxy' }),
    ],
  },
  'edge-gateway': {
    trips: [
      at({ type: 'gateway' }),
      at({ type: 'gateway', gateway: {} }),
      at({ type: 'gateway', gateway: { name: 'public', create: { className: 'envoy' } } }),
    ],
    spares: [
      at({ type: 'gateway', gateway: { name: 'public' } }),
      at({ type: 'gateway', gateway: { create: { className: 'envoy' } } }),
      at({}),
    ],
  },
  'edge-unused': {
    trips: [
      at({ type: 'none' }),
      at({ tls: undefined, type: 'none', ingressClassName: 'nginx' }),
      at({ tls: undefined, type: 'none', annotations: { a: 'b' } }),
      at({ tls: undefined, type: 'none', preset: 'traefik' }),
      at({ tls: undefined, type: 'none', behind: 'cloudflare' }),
      at({ tls: undefined, type: 'none', elsewhere: ['hsts'] }),
      at({ gateway: { name: 'public' } }),
      at({ type: 'gateway', gateway: { name: 'public' }, ingressClassName: 'nginx' }),
      at({ ingressClassName: 'nginx' }, { platform: 'openshift' }),
    ],
    spares: [
      at({ tls: undefined, type: 'none' }),
      at({ ingressClassName: 'nginx', annotations: { a: 'b' }, preset: 'f5-nginx' }, { platform: 'openshift' }),
    ],
  },
  'edge-preset-none': {
    trips: [at({}), at({ ingressClassName: 'nginx' })],
    spares: [
      at({ annotations: { a: 'b' } }),
      at({ elsewhere: ['hsts'] }),
      at({ preset: 'cilium' }),
      at({ type: 'gateway', gateway: { name: 'public' } }),
      at({}, { platform: 'openshift' }),
    ],
  },
  'edge-preset-gap': {
    trips: [
      at({ preset: 'contour', elsewhere: ['redirect', 'hsts', 'real-ip'] }),
      at({ preset: 'aws-alb' }),
      at({ type: 'gateway', gateway: { name: 'public' } }),
      at({ type: 'gateway', preset: 'envoy-gateway', gateway: { name: 'public' } }),
      at({}, { platform: 'openshift' }),
    ],
    spares: [
      at({ preset: 'contour', hsts: 0, elsewhere: ['redirect', 'real-ip', 'forwarded'] }),
      at({ preset: 'haproxy' }),
      at({ type: 'gateway', preset: 'envoy-gateway', gateway: { create: { className: 'envoy' } } }),
      at({ elsewhere: ['redirect'] }, { platform: 'openshift' }),
      at({ type: 'none', preset: 'contour' }),
    ],
  },
  'edge-preset-retired': {
    trips: [at({ preset: 'nginx-legacy' })],
    spares: [at({ preset: 'f5-nginx' }), at({ type: 'none', preset: 'nginx-legacy' })],
  },
  'edge-redirect-301': {
    trips: [at({ type: 'gateway', gateway: { name: 'public', redirect: 301 } })],
    spares: [
      at({ type: 'gateway', gateway: { name: 'public' } }),
      at({ type: 'gateway', gateway: { name: 'public', redirect: false } }),
      at({ type: 'gateway', elsewhere: ['redirect'], gateway: { name: 'public', redirect: 301 } }),
    ],
  },
  'trusted-proxy-disagrees': {
    trips: [
      trusting('cloudflare', { preset: 'traefik' }),
      trusting('vercel', { preset: 'traefik', behind: 'cloudflare' }),
      trusting('cloudrun', { preset: 'aws-alb' }),
      trusting('cloudrun', {}),
      trusting('generic', { preset: 'contour' }),
      trusting('generic', { type: 'gateway', gateway: { name: 'public' } }),
      trusting('generic', { preset: 'traefik', behind: 'cloudflare' }),
      { ...at({ preset: 'traefik' }), config: { HEXCLAVE_TRUSTED_PROXY: undefined, STACK_TRUSTED_PROXY: 'vercel' } },
    ],
    spares: [
      trusting('cloudflare', { preset: 'traefik', behind: 'cloudflare' }),
      trusting('cloudrun', { preset: 'gke' }),
      trusting('generic', { preset: 'gke' }),
      trusting('generic', { preset: 'contour', elsewhere: ['real-ip'] }),
      trusting('generic', {}),
      trusting('cloudflare', { type: 'none' }),
      trusting(undefined, { preset: 'contour' }),
      trusting('constructor', { preset: 'contour' }),
    ],
  },
  'edge-tls-external-proto': {
    trips: [at({ preset: 'traefik', tls: { external: true } }), at({ preset: 'cilium', tls: { external: true } })],
    spares: [
      at({ preset: 'traefik', tls: { external: true }, elsewhere: ['forwarded'] }),
      at({ preset: 'haproxy', tls: { external: true } }),
      at({ preset: 'f5-nginx', tls: { external: true } }),
      at({ preset: 'traefik' }),
      at({ type: 'gateway', gateway: { name: 'public' }, preset: 'traefik', tls: { external: true } }),
    ],
  },
  'ingress-namespace-unfit': {
    trips: ['gke', 'aws-alb', 'cilium'].map((preset) => open({ ingressNamespace: 'kube-system' }, { preset })),
    spares: [
      open({ ingressNamespace: 'traefik' }),
      open({ ingressNamespace: 'somewhere' }, {}),
      open({ ingressNamespace: 'somewhere' }, { type: 'none', preset: 'gke' }),
      open({}, { preset: 'gke' }),
    ],
  },
  'edge-hairpin-blocked': {
    trips: [
      open({}),
      open({ allowPrivateEgress: true }),
      open({ egress: [{ port: 443 }] }),
      open({}, { preset: 'f5-nginx' }),
      at({}, { platform: 'openshift', network: {} }),
      { ...open({}, {}), config: { NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.internal' } },
    ],
    spares: [
      open({ ingressNamespace: 'traefik' }),
      open({ egress: [{ port: 8443 }] }),
      open({ allowPrivateEgress: true }, { preset: 'f5-nginx' }),
      open({}, { preset: 'gke' }),
      open({}, {}),
      open({}, { type: 'none' }),
    ],
  },
  'openshift-user': {
    trips: [at({}, { platform: 'openshift' })],
    spares: [at({})],
  },
};

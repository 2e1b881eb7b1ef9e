import { type Files, guideConfig, guideSecrets } from './cases';

const issuer = 'tls: { clusterIssuer: letsencrypt }';

/** Ways to stand in front of the server, each as the part of environment.yaml that is about it. */
const ways = {
  none: `edge: { ${issuer} }`,
  traefik: `
edge: { preset: traefik, ${issuer} }
network: { ingressNamespace: traefik }`,
  'traefik-external': 'edge: { preset: traefik, tls: { external: true } }',
  haproxy: `edge: { preset: haproxy, ${issuer} }`,
  'haproxy-external': 'edge: { preset: haproxy, tls: { external: true } }',
  'f5-nginx': 'edge: { preset: f5-nginx, tls: { secrets: { api: api-tls, dashboard: dashboard-tls } } }',
  'f5-nginx-external': 'edge: { preset: f5-nginx, tls: { external: true } }',
  contour: `edge: { preset: contour, ${issuer}, elsewhere: [real-ip] }`,
  cilium: `edge: { preset: cilium, ${issuer}, elsewhere: [real-ip] }`,
  'aws-alb': `
edge:
  preset: aws-alb
  elsewhere: [real-ip]
  tls: { certificateArns: ['arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d'] }`,
  gke: 'edge: { preset: gke, tls: { managedCertificate: true } }',
  'nginx-legacy': `edge: { preset: nginx-legacy, ${issuer}, annotations: { nginx.ingress.kubernetes.io/limit-rps: '50' } }`,
  gateway: `
edge:
  type: gateway
  gateway: { name: public, namespace: gateways, section: { api: https-api, dashboard: https-dashboard } }
  ${issuer}`,
  'gateway-external': `
edge:
  type: gateway
  preset: traefik
  hsts: 0
  gateway: { name: public, redirect: false }
  tls: { external: true }`,
  'gateway-traefik': `
edge:
  type: gateway
  preset: traefik
  gateway: { create: { className: traefik } }
  tls: { secrets: { api: api-tls, dashboard: dashboard-tls } }`,
  'gateway-envoy': `
edge:
  type: gateway
  preset: envoy-gateway
  gateway: { create: { className: envoy, annotations: { acme.test/zone: public } } }
  tls: { issuer: acme }
network: { ingressNamespace: envoy-gateway-system }`,
  'gateway-contour': `
edge:
  type: gateway
  preset: contour
  gateway: { name: public, redirect: 301 }
  tls: { secrets: { api: wildcard-tls, dashboard: wildcard-tls } }`,
  openshift: `
platform: openshift
edge: { ${issuer} }
network: { ingressNamespace: openshift-ingress }`,
  'openshift-default-certificate': `
platform: openshift
edge: { tls: { external: true } }`,
} as const;

export type EdgeCase = keyof typeof ways;

export const edgeCases = Object.fromEntries(
  Object.entries(ways).map(([name, yaml]) => [name, edgeFiles(yaml)]),
) as Record<EdgeCase, Files>;

/** The vendor's minimal environment with another edge. */
export function edgeFiles(yaml: string, config: Record<string, string> = {}): Files {
  return {
    yaml: `image: { tag: 53c1c9e }\n${yaml}\n`,
    config: { ...guideConfig, HEXCLAVE_TRUSTED_PROXY: 'generic', ...config },
    secrets: guideSecrets,
  };
}

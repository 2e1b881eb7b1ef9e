/** What the server needs from whatever stands in front of it (docs/explanation/server.md#the-edge). */
export const edgeProperties = [
  'body-size',
  'read-timeout',
  'streaming',
  'redirect',
  'hsts',
  'real-ip',
  'forwarded',
] as const;

export type EdgeProperty = (typeof edgeProperties)[number];

/** The controllers whose ways are known here. */
export const presetNames = [
  'none',
  'traefik',
  'haproxy',
  'f5-nginx',
  'contour',
  'cilium',
  'aws-alb',
  'gke',
  'envoy-gateway',
  'nginx-legacy',
] as const;

export type PresetName = (typeof presetNames)[number];

/** What is true of a controller, whoever asks: the rules about it, the network policies, the server's own timeouts. */
export interface EdgePreset {
  readonly title: string;
  /** What it cannot be told by our objects for an Ingress, and where to set it instead; undefined: it takes no Ingress. */
  readonly ingress?: Partial<Record<EdgeProperty, string>>;
  /** The same for an HTTPRoute; undefined: it takes none, or none that was looked into. */
  readonly gateway?: Partial<Record<EdgeProperty, string>>;
  /** Port on which its pods take https; undefined: they are no pods of the cluster. */
  readonly httpsPort?: number;
  /** How long it keeps an idle connection to a pod, in seconds. */
  readonly idleSeconds: number;
}

const APPENDS =
  'Nowhere in this controller. The server reads X-Real-IP first, so only what else reads X-Forwarded-For is misled.';

/**
 * Read from the controllers' own sources and templates: Traefik 3.7 (forwardedheaders), F5 NGINX Ingress Controller 5
 * (nginx.ingress.tmpl), HAProxy Ingress Controller 3.2, Contour 1.33, Cilium 1.19 (operator/pkg/model), Envoy Gateway 1.9,
 * AWS Load Balancer Controller 2.13, ingress-gce, ingress-nginx 1.15, OpenShift's haproxy-config.template.
 */
export const edgePresets: Readonly<Record<PresetName, EdgePreset>> = {
  none: {
    title: 'The controller',
    ingress: {},
    gateway: {
      'body-size': 'A policy of the controller; many have no limit.',
      'real-ip': 'The controller’s own policy for client addresses.',
      forwarded: 'The controller’s own policy for client addresses: it must not trust what clients send.',
    },
    idleSeconds: 60,
  },
  traefik: {
    title: 'Traefik',
    ingress: {},
    gateway: {},
    httpsPort: 8443,
    idleSeconds: 90,
  },
  haproxy: { title: 'The HAProxy Ingress Controller', ingress: {}, httpsPort: 8443, idleSeconds: 60 },
  'f5-nginx': {
    title: 'The F5 NGINX Ingress Controller',
    ingress: { forwarded: APPENDS },
    httpsPort: 443,
    idleSeconds: 60,
  },
  contour: {
    title: 'Contour',
    ingress: {
      redirect: 'Nowhere: it answers 301. Publish the https URL only.',
      hsts: 'policy.response-headers.set with policy.applyToIngress: true in Contour’s configuration.',
      'real-ip':
        'policy.request-headers.set: { X-Real-IP: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" } with policy.applyToIngress: true in Contour’s configuration.',
      forwarded: APPENDS,
    },
    gateway: { forwarded: APPENDS },
    httpsPort: 8443,
    idleSeconds: 3600,
  },
  cilium: {
    title: 'Cilium',
    ingress: {
      redirect: 'Nowhere: it answers 301. edge.type gateway answers 308.',
      hsts: 'edge.type gateway, whose HTTPRoute sets it.',
      'real-ip': 'edge.type gateway, whose HTTPRoute sets it.',
      forwarded: APPENDS,
    },
    gateway: { forwarded: APPENDS },
    idleSeconds: 60,
  },
  'aws-alb': {
    title: 'An AWS Application Load Balancer',
    ingress: {
      redirect: 'Nowhere: it answers 301. Publish the https URL only.',
      'real-ip':
        'In front: CloudFront with a function that overwrites the header, as the load balancer’s only client; or behind: a controller in the cluster.',
      forwarded:
        'alb.ingress.kubernetes.io/load-balancer-attributes knows append, preserve and remove for X-Forwarded-For, and nothing for X-Forwarded-Host.',
    },
    // idle_timeout.timeout_seconds counts on both sides of the load balancer.
    idleSeconds: 300,
  },
  gke: {
    title: 'Google’s load balancer',
    ingress: { forwarded: APPENDS },
    // Fixed by Google for connections to backends.
    idleSeconds: 600,
  },
  'envoy-gateway': {
    title: 'Envoy Gateway',
    gateway: {
      forwarded:
        'headers.earlyRequestHeaders.remove: [X-Forwarded-For] in a ClientTrafficPolicy beside the Gateway; edge.gateway.create emits one.',
    },
    httpsPort: 10443,
    idleSeconds: 60,
  },
  'nginx-legacy': {
    title: 'ingress-nginx',
    ingress: {},
    httpsPort: 443,
    idleSeconds: 60,
  },
};

/** The router of OpenShift, which reads Routes: what `platform: openshift` emits unless a preset is chosen. */
export const openshiftRouter: EdgePreset = {
  title: 'OpenShift’s router',
  ingress: { redirect: 'Nowhere: the router answers 302. Publish the https URL only.' },
  httpsPort: 443,
  idleSeconds: 60,
};

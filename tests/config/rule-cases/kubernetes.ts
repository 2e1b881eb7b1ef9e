import type { Case } from './case';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const image = (tag: string, more: object = {}) => ({ settings: { image: { tag, ...more } } });
const limits = (of: object) => ({ settings: { resources: { limits: of } } });
const store = (memory: string) => ({
  settings: { stores: { clickhouse: { mode: 'bundled', resources: { limits: { memory } } } } },
});
const endpoint = (name: string) => ({ settings: { maintenance: { extra: { [name]: { path: '/api/latest/step' } } } } });

/** The Kubernetes side. */
export const kubernetes: Readonly<Record<string, Case>> = {
  'image-moving-tag': {
    trips: [
      image('latest'),
      image('main'),
      image('dev'),
      image('2.8'),
      { settings: { images: { curl: 'docker.io/curlimages/curl' } } },
      { settings: { images: { curl: 'mirror.acme.dev:5000/curl:latest' } } },
      { settings: { images: { clickhouse: 'docker.io/clickhouse/clickhouse-server:25.10' } } },
      { settings: { images: { postgres: 'docker.io/library/postgres:17-trixie' } } },
      { settings: { pods: { migration: { sidecars: [{ name: 'proxy', image: 'docker.io/acme/proxy:2' }] } } } },
    ],
    spares: [
      { settings: { images: { postgres: 'docker.io/library/postgres:17.10' } } },
      image('09a039a'),
      image('latest', { digest: DIGEST }),
    ],
  },
  'image-unpinned': {
    trips: [image('2.8.41')],
    spares: [image('2.8.41', { digest: DIGEST }), image('latest')],
  },
  'image-repository': {
    trips: [
      image('1.2.3', { repository: 'stackauth/server:1.2.3' }),
      { settings: { registry: 'https://mirror.acme.dev' } },
    ],
    spares: [image('1.2.3', { repository: 'mirror.acme.dev:5000/stackauth/server' })],
  },
  'seed-left-out': {
    trips: [{ settings: { migration: { seed: false } } }],
    spares: [{ settings: { migration: { seed: true, attempt: 1 } } }],
  },
  'replicas-range': {
    trips: [{ settings: { replicas: { min: 4, max: 3 } } }],
    spares: [{ settings: { replicas: { min: 3, max: 3 } } }, { settings: { replicas: 1 } }],
  },
  'resources-range': {
    trips: [
      limits({ cpu: '400m' }),
      limits({ memory: '1000M' }),
      limits({ 'ephemeral-storage': '4Gi' }),
      store('512Mi'),
      { settings: { migration: { gateResources: { requests: { cpu: 1 } } } } },
      { settings: { migration: { resources: { limits: { memory: '256Mi' } } } } },
      { settings: { maintenance: { resources: { limits: { memory: '8Mi' } } } } },
    ],
    spares: [
      { settings: { migration: { gateResources: { requests: { cpu: 1 }, limits: { cpu: 1 } } } } },
      limits({ cpu: 0.5 }),
      limits({ memory: '1Gi' }),
      limits({ 'ephemeral-storage': '5Gi' }),
      store('2Gi'),
    ],
  },
  'resources-small': {
    trips: [limits({ 'ephemeral-storage': '3Gi' }), limits({ memory: '512Mi' })],
    spares: [limits({ 'ephemeral-storage': '4Gi' }), limits({ memory: '1Gi' })],
  },
  'ip-family-server': {
    trips: [
      { settings: { network: { ipFamilyPolicy: 'PreferDualStack' } } },
      { settings: { network: { ipFamilies: ['IPv6'] } } },
    ],
    spares: [
      { settings: { network: { ipFamilyPolicy: 'SingleStack' } } },
      { settings: { network: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] } } },
      {
        settings: {
          network: { ipFamilyPolicy: 'RequireDualStack' },
          pods: { server: { sidecars: [{ name: 'ipv6', image: 'docker.io/alpine/socat:1.8.0.3' }] } },
        },
      },
    ],
  },
  'namespace-reserved': {
    trips: [{ settings: { namespace: { name: 'default' } } }, { settings: { namespace: { name: 'kube-system' } } }],
    spares: [
      { settings: { namespace: { name: 'default-auth' } } },
      { settings: { namespace: { name: 'kubernetes' } } },
    ],
  },
  'namespace-shared': {
    trips: [
      { neighbours: { staging: 'hexclave-production' } },
      { settings: { namespace: { name: 'auth' } }, neighbours: { qa: 'hexclave-qa', staging: 'auth' } },
    ],
    spares: [
      { neighbours: { staging: 'hexclave-staging' } },
      { settings: { namespace: { name: 'auth' } }, neighbours: { staging: 'hexclave-production' } },
    ],
  },
  'maintenance-name': {
    trips: [endpoint('sync-poller'), endpoint('a'.repeat(44))],
    spares: [endpoint('my-step'), endpoint('a'.repeat(43))],
  },
};

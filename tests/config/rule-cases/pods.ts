import type { Case } from './case';

const pods = (blocks: object, more: object = {}) => ({ settings: { pods: blocks, ...more } });
const OPERATOR = { stores: { postgres: { mode: 'cloudnative-pg' } } };
const sidecar = (more: object) => ({ sidecars: [{ name: 'beside', image: 'docker.io/acme/beside:1.2.3', ...more }] });

/** What the pods get besides. */
export const podCases: Readonly<Record<string, Case>> = {
  'pods-unsupported': {
    trips: [
      pods({ all: { runtimeClassName: 'gvisor' } }, OPERATOR),
      pods({ stores: sidecar({}) }, OPERATOR),
      pods({ stores: { serviceAccount: { token: ['postgres'] } } }, OPERATOR),
    ],
    spares: [
      pods({ server: { runtimeClassName: 'gvisor' } }, OPERATOR),
      pods({ all: { runtimeClassName: 'gvisor' } }),
      pods({ stores: { labels: { a: 'b' }, serviceAccount: { annotations: { a: 'b' } } } }, OPERATOR),
    ],
  },
  'pods-unused': {
    trips: [pods({ stores: { labels: { a: 'b' } } })],
    spares: [pods({ stores: { labels: { a: 'b' } } }, OPERATOR), pods({ all: { labels: { a: 'b' } } })],
  },
  'pods-service-account': {
    trips: [pods({ server: { serviceAccount: { name: 'theirs', annotations: { a: 'b' } } } })],
    spares: [
      pods({ server: { serviceAccount: { name: 'theirs' } } }),
      pods({ all: { serviceAccount: { name: 'theirs' } }, server: { serviceAccount: { annotations: { a: 'b' } } } }),
    ],
  },
  'pods-credential': {
    trips: [
      pods({ server: sidecar({ env: [{ name: 'DSN', value: 'postgresql://me:hunter2hunter2@db/app' }] }) }),
      pods({ all: sidecar({ args: ['--header=Authorization: Bearer abcdef0123456789'] }) }),
    ],
    spares: [
      pods({ server: sidecar({ env: [{ name: 'DSN', valueFrom: { secretKeyRef: { name: 'db', key: 'uri' } } }] }) }),
      pods({ server: sidecar({ args: ['--port=5432'] }) }),
    ],
  },
};

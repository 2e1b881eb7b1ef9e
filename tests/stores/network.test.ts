import { describe, expect, test } from 'vitest';
import { type Files, synthesize } from '../support/cases';
import { type KubeObject, objectsOf } from '../support/objects';
import { cnis, letsOut, METADATA, type Target } from '../support/policies';
import { snapshotCases } from '../support/snapshot-cases';

function policies(files: Files): Record<string, KubeObject> {
  const objects = objectsOf(synthesize(files)).map(({ object }) => object);
  return Object.fromEntries(
    objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]),
  );
}

const labels = (instance: string, component: string) => ({
  'app.kubernetes.io/name': 'hexclave',
  'app.kubernetes.io/instance': instance,
  'app.kubernetes.io/component': component,
});

const port = (number: number) => [{ protocol: 'TCP', port: number }];

describe('a bundled store', () => {
  const bundled = policies(snapshotCases.bundled!);
  const clients = ['server', 'migration'].map((component) => ({
    podSelector: { matchLabels: labels('trial', component) },
  }));

  test.each([
    ['postgres', 5432],
    ['clickhouse', 8123],
  ])('accepts its clients on its port and starts no connection, not even to DNS: %s', (name, number) => {
    expect(bundled[`hexclave-${name}`]).toEqual({
      podSelector: { matchLabels: labels('trial', name) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: clients, ports: port(number) }],
    });
  });

  test('is reached by its clients through the labels of its pods, and its port leads nowhere else', () => {
    for (const client of ['hexclave-server', 'hexclave-migration']) {
      for (const [name, number] of [
        ['postgres', 5432],
        ['clickhouse', 8123],
      ] as const) {
        const rules = bundled[client].egress.filter(({ ports }: KubeObject) =>
          ports.some((item: KubeObject) => item.port === number),
        );
        expect(rules, `${client} ${name}`).toEqual([
          { to: [{ podSelector: { matchLabels: labels('trial', name) } }], ports: port(number) },
        ]);
      }
    }
    expect(JSON.stringify(bundled['hexclave-maintenance'])).not.toMatch(/5432|8123/);
  });

  test('that is a store of somebody else has no policy, and its port is open as before', () => {
    const guide = policies(snapshotCases.guide!);
    expect(Object.keys(guide).filter((name) => /postgres|clickhouse/.test(name))).toEqual([]);
    expect(JSON.stringify(guide['hexclave-server'].egress)).toContain('"port":5432');
  });
});

describe('a store of an operator', () => {
  const operators = policies(snapshotCases.operators!);

  test('accepts its clients, its operator from whatever namespace, and its own instances', () => {
    const pods = { podSelector: { matchLabels: { 'cnpg.io/cluster': 'hexclave-postgres' } } };
    const operator = {
      namespaceSelector: {},
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'cloudnative-pg' } },
    };
    const { ingress, podSelector } = operators['hexclave-postgres'];
    expect(podSelector).toEqual(pods.podSelector);
    expect(ingress.slice(1)).toEqual([
      { from: [pods, operator], ports: [...port(5432), ...port(8000)] },
      { ports: port(9187) },
    ]);
    expect(operators['hexclave-clickhouse'].ingress[1].from).toEqual([
      { namespaceSelector: {}, podSelector: { matchLabels: { app: 'clickhouse-operator' } } },
      {
        namespaceSelector: {},
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'altinity-clickhouse-operator' } },
      },
    ]);
  });

  const instance = { 'cnpg.io/cluster': 'hexclave-postgres' };
  test.each([
    ['the API server on a node', { address: '10.0.0.5', port: 6443, is: 'node' }],
    ['the API server of a cloud', { address: '172.16.0.2', port: 443, is: 'node' }],
    ['another instance', { address: '10.42.1.8', port: 5432, is: instance }],
    ['another instance’s state', { address: '10.42.1.8', port: 8000, is: instance }],
    ['an archive in the cluster', { address: '10.42.2.9', port: 9000, is: 'pod' }],
    ['an archive outside', { address: '93.184.216.34', port: 443 }],
  ] as [string, Target][])('gets through to %s under every CNI', (_, target) => {
    for (const cni of cnis) expect(letsOut(operators['hexclave-postgres'], target, cni), cni).toBe(true);
  });

  test('never reaches the metadata service of a cloud', () => {
    for (const name of ['hexclave-postgres', 'hexclave-clickhouse']) {
      for (const address of METADATA) expect(letsOut(operators[name], { address, port: 80 }, 'by address')).toBe(false);
    }
  });

  test('shows its metrics only when it is asked to', () => {
    const yaml = snapshotCases.operators!.yaml.replace(', podMonitor: true', '');
    expect(JSON.stringify(policies({ ...snapshotCases.operators!, yaml }))).not.toContain('9187');
  });
});

test('the bundled Svix, which calls what users enter, gets through to no pod, node, private or metadata address', () => {
  const svix = policies(snapshotCases.published!)['hexclave-svix'];
  const inside: Omit<Target, 'port'>[] = [
    { address: '10.42.0.7', is: 'pod' },
    { address: 'fd42::7', is: 'pod' },
    { address: '10.0.0.5', is: 'node' },
    ...['10.20.0.9', '100.64.0.9', '172.31.0.9', '192.168.4.9', '127.0.0.1', 'fd12::9'].map((address) => ({ address })),
    ...METADATA.map((address) => ({ address })),
  ];
  for (const cni of cnis) {
    for (const port of [80, 443]) {
      expect(letsOut(svix, { address: '93.184.216.34', port }, cni)).toBe(true);
      for (const ends of inside) expect(letsOut(svix, { ...ends, port }, cni), JSON.stringify(ends)).toBe(false);
    }
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { variable } from '../../config/contract';
import { destinations } from '../../config/endpoints';
import type { Changes } from '../support/draft';
import { cnis, letsOut, METADATA, policies, type Target } from '../support/policies';

const CLIENTS = ['server', 'migration'] as const;

/** Ways to write a host, and where a connection to it ends. */
const places: readonly [host: string, ends: Omit<Target, 'port'>][] = [
  ['clickhouse.acme-corp.com', { address: '93.184.216.34' }],
  ['203.0.113.9', { address: '203.0.113.9' }],
  ['clickhouse', { address: '10.42.0.7', is: 'pod' }],
  ['clickhouse.data.svc', { address: '10.42.0.7', is: 'pod' }],
  ['clickhouse.data.svc.cluster.local', { address: 'fd42::7', is: 'pod' }],
  // A Service of another namespace; only on 443 does it count as a name of the internet, which it looks like.
  ['clickhouse.data', { address: '10.42.0.7', is: 'pod' }],
  ['10.96.0.20', { address: '10.42.0.7', is: 'pod' }],
  ['10.20.0.9', { address: '10.20.0.9' }],
  ['clickhouse.acme.internal', { address: '192.168.4.9' }],
  ['[fd12::9]', { address: 'fd12::9' }],
  ['[2606:2800:21f::9]', { address: '2606:2800:21f::9' }],
];

/** One line of configuration, and where the pods that read it have to get to. */
const line = fc
  .record({
    destination: fc.constantFrom(...destinations),
    place: fc.constantFrom(...places),
    port: fc.oneof(fc.constantFrom(443, 80, 5432, 6432, 8123, 8443), fc.integer({ min: 1, max: 65535 })),
    allowPrivateEgress: fc.boolean(),
  })
  .filter(({ place: [host], port }) => host !== 'clickhouse.data' || port !== 443)
  .map(({ destination, place: [host, ends], port, allowPrivateEgress }) => {
    const { name, port: portName } = destination;
    const scheme = variable(name)!.kind === 'postgres-url' ? 'postgresql' : port % 2 === 0 ? 'http' : 'https';
    const values = portName
      ? { [name]: host, [portName]: String(port) }
      : { [name]: `${scheme}://${host}:${port}/hexclave` };
    const network = { allowPrivateEgress, ingressNamespace: 'traefik' };
    const settings = { network, backup: { to: { volume: {} } } };
    const changes: Changes = { [variable(name)!.secret ? 'secrets' : 'config']: values, settings };
    return { destination, target: { ...ends, port }, changes };
  });

describe('what the configuration names', () => {
  test('is let through to, for every pod that calls it, at whatever address and port, under every CNI', () => {
    fc.assert(
      fc.property(line, ({ destination, target, changes }) => {
        const found = policies(changes);
        for (const client of destination.clients) {
          for (const cni of cnis) expect(letsOut(found[client]!, target, cni), `${client}, ${cni}`).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('opens no way to a metadata service, whatever it is', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(...METADATA), ({ target, changes }, address) => {
        const found = policies(changes);
        for (const port of [80, 443, target.port].filter((item) => item !== 53 && item !== 5353)) {
          for (const client of CLIENTS) expect(letsOut(found[client]!, { address, port }, 'by address')).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('opens 443 of private addresses and pods no more than the rest while it is public itself', () => {
    const found = policies({ config: { STACK_CLICKHOUSE_URL: 'https://clickhouse.acme-corp.com' } });
    for (const client of CLIENTS) {
      expect(letsOut(found[client]!, { address: '10.20.0.9', port: 443 }, 'by address'), client).toBe(false);
      expect(letsOut(found[client]!, { address: '10.42.0.7', port: 443, is: 'pod' }, 'cilium'), client).toBe(false);
    }
  });

  test('leaves the migration Job without the internet unless something it calls is there', () => {
    const target = { address: '93.184.216.34', port: 443 };
    expect(letsOut(policies({}).migration!, target, 'by address')).toBe(false);
    expect(letsOut(policies({}).server!, target, 'by address')).toBe(true);
  });
});

describe('a database URL that is not read', () => {
  const elsewhere = { secret: 'databases', key: 'uri' };
  const opens = (changes: Changes, client: string) =>
    [5432, 5433, 6432].filter((port) => letsOut(policies(changes)[client]!, { address: '10.20.0.9', port }, 'cilium'));
  const pooler = { stores: { postgres: { port: 6432 } } };
  const held = ['STACK_DATABASE_CONNECTION_STRING', 'MIGRATION_DATABASE_CONNECTION_STRING'];

  test.each([
    ['in another Secret', { env: { STACK_DATABASE_CONNECTION_STRING: elsewhere }, settings: pooler }],
    ['in the existing one', { settings: { ...pooler, secrets: { mode: 'existing', name: 'given' } } }],
    ['in a sealed one', { held: held.slice(0, 1), settings: { ...pooler, secrets: { mode: 'sealed-secrets' } } }],
  ])('leads to the stated port: %s', (_, changes) => {
    for (const client of CLIENTS) expect(opens(changes, client), client).toEqual([6432]);
  });

  test.each([
    [
      'in another Secret',
      {
        env: Object.fromEntries(held.map((name) => [name, elsewhere])),
        settings: { ...pooler, secrets: { mode: 'existing', name: 'given' } },
      },
    ],
    ['in a sealed one', { held, settings: { ...pooler, secrets: { mode: 'sealed-secrets' } } }],
  ])('and is the migration’s own leads it to the stated port and past the pooler: %s', (_, changes) => {
    expect(opens(changes, 'server')).toEqual([6432]);
    expect(opens(changes, 'migration')).toEqual([5432, 6432]);
  });

  test('does not keep a known one of the migration from being the only way', () => {
    const settings = { ...pooler, secrets: { mode: 'sops' } };
    const secrets = { MIGRATION_DATABASE_CONNECTION_STRING: 'postgresql://owner:x@10.20.0.9:5433/hexclave' };
    expect(opens({ held: held.slice(0, 1), sealing: true, settings, secrets }, 'migration')).toEqual([5433]);
  });
});

test('a mail server’s port is open while only its host is in a Secret', () => {
  const changes = {
    config: { STACK_EMAIL_PORT: '2525' },
    env: { STACK_EMAIL_HOST: { secret: 'mail', key: 'host' } },
  };
  expect(letsOut(policies(changes).server!, { address: '10.42.0.7', port: 2525, is: 'pod' }, 'cilium')).toBe(true);
});

describe('network.egress', () => {
  type Row = [port: number, cidr: string | undefined, address: string, is?: 'pod'];
  const opened = (port: number, cidr: string | undefined) =>
    CLIENTS.map((client) => policies({ settings: { network: { egress: [{ port, cidr }] } } })[client]!);

  test.each([
    [9000, undefined, '93.184.216.34'],
    [9000, undefined, '10.42.0.7', 'pod'],
    [443, undefined, '10.42.0.7', 'pod'],
    [9000, '10.20.0.0/16', '10.20.0.9'],
    [9000, '10.42.0.0/16', '10.42.0.7', 'pod'],
    [9000, '0.0.0.0/0', '10.42.0.7', 'pod'],
    [9000, 'fd42::/16', 'fd42::7', 'pod'],
    [9000, '203.0.113.0/24', '203.0.113.9'],
  ] as Row[])('port %i of %s leads server and migration to %s under every CNI', (port, cidr, address, is) => {
    for (const policy of opened(port, cidr)) {
      for (const cni of cnis) expect(letsOut(policy, { address, port, is }, cni), cni).toBe(true);
    }
  });

  test.each([
    [9000, '203.0.113.0/24', '10.42.0.7', 'pod'],
    [9000, '2001:db8::/32', 'fd42::7', 'pod'],
    [9000, '10.20.0.0/16', '10.21.0.9'],
    ...[undefined, '0.0.0.0/0', '128.0.0.0/1', '::/0', 'fd00::/8'].flatMap((cidr) =>
      METADATA.map((address) => [80, cidr, address]),
    ),
  ] as Row[])('port %i of %s leads nobody to %s', (port, cidr, address, is) => {
    for (const policy of opened(port, cidr)) {
      for (const cni of cnis) expect(letsOut(policy, { address, port, is }, cni), cni).toBe(false);
    }
  });

  test.each(['169.254.0.0/16', '169.254.7.7/16', '169.254.169.254/32', 'fd00:ec2::254/128'])(
    'takes a metadata service’s own network %s as it is: Kubernetes refuses an exception as large as its block',
    (cidr) => {
      for (const { egress } of opened(80, cidr)) expect(egress.at(-1).to).toContainEqual({ ipBlock: { cidr } });
    },
  );
});

describe('the way to the public API URL from inside', () => {
  const pod: Target = { address: '10.42.0.7', port: 8443, is: 'pod' };
  const balancer: Target = { address: '10.20.0.9', port: 443 };

  test.each([
    [{ egress: [{ port: 8443, cidr: '10.42.0.0/16' }] }, pod],
    [{ egress: [{ port: 443, cidr: '10.20.0.0/16' }] }, balancer],
    [{ allowPrivateEgress: true }, balancer],
    [{ allowPrivateEgress: true }, { ...pod, port: 443 }],
  ])('is open with what the finding about it says to write: %j', (network, target) => {
    for (const cni of cnis) expect(letsOut(policies({ settings: { network } }).server!, target, cni), cni).toBe(true);
    for (const cni of cnis) expect(letsOut(policies({ settings: {} }).server!, target, cni), cni).toBe(false);
  });
});

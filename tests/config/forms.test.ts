import fc from 'fast-check';
import { parse } from 'pg-connection-string';
import { describe, expect, test } from 'vitest';
import { contract, variable } from '../../config/contract';
import { kindNames, LOCATIONS } from '../../config/contract/kinds';
import { judge } from '../../config/rules';
import { brokenUrl } from '../../config/rules/postgres-url';
import { type Changes, draft } from '../support/draft';

const settable = contract.filter(({ owner }) => !owner);
const about = (name: string, value: string, changes: Changes = {}) =>
  judge(draft({ ...changes, secrets: { [name]: value } })).filter(({ field }) => field === name);

/** Values that are none of their kind, whatever the variable. */
const WRONG: Readonly<Record<string, string>> = {
  origin: 'auth.acme.dev',
  url: 'acme.dev',
  endpoint: 'https://s3.acme.dev/bucket',
  uri: 'acme',
  'sentry-dsn': 'https://sentry.acme.dev/1',
  'postgres-url': 'mysql://a:b@c.acme.dev/d',
  host: 'smtp.acme.dev:587',
  port: '70000',
  boolean: 'yes',
  integer: '1.5',
  email: 'Acme <a@acme.dev>',
  emails: 'a@acme.dev;b@acme.dev',
  json: '{',
  duration: '600',
  path: 'ca.crt',
  choice: 'none-of-these',
  words: 'a, b',
  base64url: 'not a secret!',
  token: 'two words',
  name: 'two words',
  bucket: 's3://bucket',
  arn: 'role',
  headers: 'a: b',
  password: 'two\nlines',
};

describe('every variable of the contract', () => {
  test('has a kind that the reference can name', () => {
    for (const { name, kind } of contract) expect(kindNames[kind], name).toBeDefined();
  });

  test.each(settable.filter(({ kind }) => kind !== 'text').map(({ name, kind }) => [name, kind]))(
    '%s is checked to be a %s',
    (name, kind) => {
      expect(about(name, WRONG[kind]!).some(({ severity }) => severity === 'error')).toBe(true);
    },
  );
});

describe('hosts that mean nothing in a pod', () => {
  const write: Readonly<Record<string, (host: string) => string>> = {
    origin: (host) => `https://${host}`,
    url: (host) => `https://${host}:8443`,
    endpoint: (host) => `https://${host}:8443`,
    uri: (host) => `wss://${host}`,
    'sentry-dsn': (host) => `https://k@${host}/1`,
    'postgres-url': (host) => `postgresql://u:p@${host}:5432/d`,
    host: (host) => host.replace(/^\[|\]$/g, ''),
  };
  const located = settable.filter(({ kind, name }) => LOCATIONS.has(kind) && name !== 'STACK_QSTASH_URL');
  const HOSTS = [
    'localhost',
    'LOCALHOST',
    'api.localhost',
    '127.0.0.1',
    '127.1.2.3',
    '[::1]',
    '0.0.0.0',
    'host.docker.internal',
    'host.containers.internal',
    '172.17.0.1',
  ];
  const NAMES = ['postgres', 'db', 'clickhouse', 'stack-auth-db', 'nas.local', 'Mac-mini.local'];

  test.each(located.map(({ name, kind }) => [name, kind]))('are found in %s, once', (name, kind) => {
    const bare = kind === 'origin' ? [] : NAMES;
    for (const host of [...HOSTS, ...bare]) {
      const found = about(name, write[kind]!(host)).filter(
        ({ rule }) => !['credential-in-config', 'unencrypted-connection', 'public-url-spelling'].includes(rule),
      );
      expect(
        found.map(({ rule }) => rule),
        host,
      ).toContain('host-out-of-reach');
      expect(
        found.filter(({ message, rule }) => /localhost|compose|Docker/.test(message) && rule !== 'host-out-of-reach'),
      ).toEqual([]);
    }
  });

  test.each([
    ['STACK_DATABASE_CONNECTION_STRING', 'stores.postgres.mode: bundled'],
    ['STACK_CLICKHOUSE_URL', 'stores.clickhouse.mode: bundled'],
    ['STACK_EMAIL_HOST', 'stores.email.mode: mailpit'],
    ['STACK_S3_ENDPOINT', 'stores.s3.mode: seaweedfs'],
    ['STACK_SVIX_SERVER_URL', 'stores.webhooks.mode: svix'],
  ])('%s: the fix names %s and the evaluation', (name, mode) => {
    const { kind } = variable(name)!;
    const [found] = about(name, write[kind]!('db')).filter(({ rule }) => rule === 'host-out-of-reach');
    expect(found!.fix).toContain(mode);
    expect(found!.fix).toContain('evaluation');
  });

  test('a public URL on localhost has one finding, which names the evaluation', () => {
    for (const name of ['NEXT_PUBLIC_STACK_DASHBOARD_URL', 'NEXT_PUBLIC_STACK_API_URL']) {
      const found = judge(draft({ config: { [name]: 'http://localhost:8101' } }));
      expect(found.map(({ rule }) => rule)).toEqual(['host-out-of-reach']);
      expect(found[0]!.fix).toContain('purpose: evaluation');
    }
  });
});

describe('a PostgreSQL URL', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab1%@:/?#& +é"[]\\F2'), minLength: 1, maxLength: 8 });
  const read = (url: string) => {
    try {
      return parse(url);
    } catch {
      return undefined;
    }
  };

  test('is read by the server’s driver as it was meant, once its parts are encoded', () => {
    fc.assert(
      fc.property(text, text, (user, password) => {
        const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@db.acme.dev:5432/app`;
        expect(brokenUrl(url)).toBeUndefined();
        expect(read(url)).toMatchObject({ user, password, host: 'db.acme.dev', port: '5432', database: 'app' });
      }),
      { numRuns: 2000 },
    );
  });

  test('is found wherever the driver fails on it, or takes a part for another, when they are not', () => {
    fc.assert(
      fc.property(text, text, (user, password) => {
        const url = `postgresql://${user}:${password}@db.acme.dev:5432/app`;
        if (brokenUrl(url)) return;
        const got = read(url);
        expect(got, url).toMatchObject({ host: 'db.acme.dev', port: '5432', database: 'app' });
        expect(() => decodeURIComponent(new URL(url).password)).not.toThrow();
        expect([got!.user, got!.password], url).toEqual([
          decodeURIComponent(new URL(url).username),
          decodeURIComponent(new URL(url).password),
        ]);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['%FF', 'password'],
    ['ab%', 'password'],
    ['100%sure', 'password'],
    ['a/b', 'password'],
    ['1/b', 'password'],
    ['a?b', 'password'],
    ['a#b', 'password'],
    ['p@s/s', 'password'],
  ])(
    'with the password %s has a finding that names the part and how to encode it, and not the value',
    (password, part) => {
      const problem = brokenUrl(`postgresql://canary:zq${password}zq@db.acme.dev:5432/app`)!;
      expect(problem.message + problem.fix).toContain(part);
      expect(problem.fix).toContain('%25');
      expect(JSON.stringify(problem)).not.toMatch(/canary|zq/);
    },
  );

  test.each([
    ['postgresql://us%er:pw@db.acme.dev/app', 'user name'],
    ['postgresql://us/er@db.acme.dev/app', 'user name'],
    ['postgresql://u:p@db.acme.dev/a%pp', 'name of the database'],
    ['postgresql://u:p@db.acme.dev/app?options=%', 'query'],
    ['postgresql://u:p@d%b.acme.dev/app', 'host'],
  ])('%s: names the %s', (url, part) => {
    expect(brokenUrl(url)!.message).toContain(part);
  });
});

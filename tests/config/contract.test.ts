import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalName, contract, type Group, looksSecret, nearestName, twin, variable } from '../../config/contract';
import { GUIDE, NEWEST } from './vendor-variables';

const spellings = contract.flatMap((item) => [item.name, ...(item.aliases ?? [])]);

describe('the contract', () => {
  test('has every variable the vendor’s self-host guide sets on the server', () => {
    for (const name of GUIDE) expect(variable(name), name).toBeDefined();
  });

  test('has every variable of the vendor’s newest server template', () => {
    for (const name of NEWEST) expect(variable(canonicalName(name)), name).toBeDefined();
  });

  test('names no variable twice, under whatever spelling', () => {
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  test('keeps its groups together, in the order of the reference', () => {
    const order = contract.map((item) => item.group).filter((group, index, all) => group !== all[index - 1]);
    expect(order).toEqual(GROUPS);
  });

  test('describes every variable in whole sentences of its own', () => {
    for (const { name, doc, without } of contract) {
      expect(doc, name).toMatch(/^[A-Z].*\.$/);
      if (without !== undefined) expect(without, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('says of every required variable what does not work without it', () => {
    for (const item of contract.filter(({ required }) => required)) expect(item.without, item.name).toBeDefined();
  });

  test('asks of nobody what image, entrypoint or manifests set', () => {
    for (const item of contract.filter(({ owner }) => owner)) {
      expect(item, item.name).not.toMatchObject({ required: true });
      expect(item.seed ?? item.template ?? item.risk, item.name).toBeUndefined();
    }
  });

  test('has defaults that are values the variable may have', () => {
    for (const { name, default: value, kind, oneOf } of contract) {
      if (value === undefined) continue;
      if (oneOf) expect(oneOf, name).toContain(value);
      if (kind === 'boolean') expect(['true', 'false'], name).toContain(value);
      if (kind === 'integer') expect(Number.isInteger(Number(value)), name).toBe(true);
      if (kind === 'json') expect(() => JSON.parse(value), name).not.toThrow();
    }
  });

  test('gives both spellings of the internal keys to the pods, and the canonical one first', () => {
    const twice = contract.filter((item) => item.emitAs);
    expect(twice.map((item) => item.emitAs)).toEqual([
      ['STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY', 'STACK_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY'],
      ['STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY', 'STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY'],
    ]);
    for (const item of twice) {
      expect(item.emitAs![0]).toBe(item.name);
      for (const as of item.emitAs!) expect(canonicalName(as)).toBe(item.name);
    }
  });

  test('marks as seed exactly what migration and seed read, so that a change of it is a new release', () => {
    const seed = contract.filter((item) => item.seed).map(({ name }) => name);
    expect(seed.filter((name) => !name.startsWith('STACK_SEED_'))).toEqual([
      'NEXT_PUBLIC_STACK_DASHBOARD_URL',
      'STACK_DATABASE_CONNECTION_STRING',
      'STACK_OVERRIDE_SOURCE_OF_TRUTH',
      'STACK_CLICKHOUSE_URL',
      'STACK_CLICKHOUSE_ADMIN_USER',
      'STACK_CLICKHOUSE_ADMIN_PASSWORD',
      'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
      'STACK_CLICKHOUSE_DATABASE',
    ]);
    expect(contract.filter(({ name, seed: reads }) => name.startsWith('STACK_SEED_') && !reads)).toEqual([]);
  });
});

describe('canonicalName', () => {
  test.each([
    ['HEXCLAVE_SERVER_SECRET', 'STACK_SERVER_SECRET'],
    ['NEXT_PUBLIC_HEXCLAVE_API_URL', 'NEXT_PUBLIC_STACK_API_URL'],
    ['NEXT_PUBLIC_BROWSER_HEXCLAVE_API_URL', 'NEXT_PUBLIC_BROWSER_STACK_API_URL'],
    ['STACK_BASE_URL', 'NEXT_PUBLIC_STACK_API_URL'],
    ['NEXT_PUBLIC_STACK_URL', 'NEXT_PUBLIC_STACK_API_URL'],
    ['STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY', 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY'],
    ['HEXCLAVE_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY', 'STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY'],
    ['STACK_MARSHAL_URL', 'HEXCLAVE_MARSHAL_URL'],
    ['CRON_SECRET', 'CRON_SECRET'],
    ['HEXCLAVE_UNHEARD_OF', 'HEXCLAVE_UNHEARD_OF'],
    ['PGPASSWORD', 'PGPASSWORD'],
  ])('turns %s into %s', (written, name) => {
    expect(canonicalName(written)).toBe(name);
  });

  test('leaves the two spellings of the trusted proxy apart, for images read them differently', () => {
    expect(canonicalName('STACK_TRUSTED_PROXY')).toBe('STACK_TRUSTED_PROXY');
    expect(canonicalName('HEXCLAVE_TRUSTED_PROXY')).toBe('HEXCLAVE_TRUSTED_PROXY');
  });

  test('gives every spelling and its twin a name the contract has, and leaves that name alone', () => {
    for (const spelling of spellings) {
      for (const written of [spelling, twin(spelling) ?? spelling]) {
        expect(variable(canonicalName(written)), written).toBeDefined();
        expect(canonicalName(canonicalName(written))).toBe(canonicalName(written));
      }
    }
  });

  test('is idempotent on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...spellings)), (text) => {
        expect(canonicalName(canonicalName(text))).toBe(canonicalName(text));
      }),
    );
  });
});

describe('looksSecret', () => {
  test('knows the secrets of other programs by their names', () => {
    for (const name of [
      'PGPASSWORD',
      'REDIS_URL',
      'POSTGRES_PASSWD',
      'AWS_SESSION_TOKEN',
      'SSH_PRIVATE_KEY',
      'DB_PASS',
      'JWT',
      'MY_DSN',
      'SLACK_WEBHOOK_URL',
      'OTEL_EXPORTER_OTLP_METRICS_HEADERS',
      'AUTHORIZATION',
      'TLS_PEM',
      'COOKIE_SIGNING_SALT',
    ]) {
      expect(looksSecret(name), name).toBe(true);
    }
  });

  test('leaves names alone that merely contain such letters, and e-mail, user and phone', () => {
    for (const name of [
      'KEEP_ALIVE_TIMEOUT',
      'COMPASS_MODE',
      'KEYCLOAK_REALM',
      'SMTP_EMAIL',
      'DB_USERNAME',
      'PHONE',
      'MONKEY',
      'PEMBROKE',
      'HEADER_LIMIT',
    ]) {
      expect(looksSecret(name), name).toBe(false);
    }
  });

  test('takes every secret of the contract for one, but for those whose names say nothing', () => {
    const quiet = contract.filter(({ secret, name }) => secret && !looksSecret(name)).map(({ name }) => name);
    expect(quiet).toEqual([
      'STACK_OVERRIDE_SOURCE_OF_TRUTH',
      'STACK_DNSIMPLE_ACCOUNT_ID',
      'STACK_INTEGRATION_CLIENTS_CONFIG',
    ]);
  });
});

describe('nearestName', () => {
  test.each([
    ['STACK_SEVER_SECRET', 'STACK_SERVER_SECRET'],
    ['HEXCLAVE_CLICKHOUSE_ULR', 'STACK_CLICKHOUSE_URL'],
    ['STACK_API_URL', 'NEXT_PUBLIC_STACK_API_URL'],
    ['CRON_SECERT', 'CRON_SECRET'],
    ['STACK_INTERNAL_PROJECT_SECRET_SERVER_KEYS', 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY'],
  ])('finds what %s means', (written, name) => {
    expect(nearestName(written)).toBe(name);
  });

  test('finds nothing for another program’s variable, and never what nobody may set', () => {
    for (const name of ['MONGO_INITDB_ROOT_PASSWORD', 'TZ', 'LETSENCRYPT_MAIL', 'NODE_EN'])
      expect(nearestName(name), name).toBeUndefined();
  });
});

const GROUPS: Group[] = [
  'core',
  'seed',
  'email',
  'webhooks',
  'storage',
  'ai',
  'payments',
  'oauth',
  'vault',
  'protection',
  'clickhouse',
  'sync',
  'telemetry',
  'stores',
  'process',
  'migration',
  'backup',
  'development',
];

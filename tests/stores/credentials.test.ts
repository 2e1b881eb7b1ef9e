import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { contract, variable } from '../../config/contract';
import { type Settings, settingsSchema } from '../../config/settings';
import { provisions } from '../../config/stores';
import { bundledConfig, bundledSecrets, environmentOf, load, synthesize } from '../support/cases';
import { objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const URL_NAME = 'STACK_DATABASE_CONNECTION_STRING';
const modes = {
  postgres: ['external', 'bundled', 'cloudnative-pg'],
  clickhouse: ['external', 'bundled', 'altinity'],
} as const;

function settings(stores: unknown): Settings {
  return settingsSchema.parse({ image: { tag: '1.2.3' }, stores });
}

const password = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});

describe('the URL of the bundled PostgreSQL', () => {
  test('carries every password that PostgreSQL takes, as the server’s driver and as URL parsers read it', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const [provision] = provisions(settings({ postgres: { mode: 'bundled' } }), () => secret);
        const url = provision!.variables[URL_NAME] as string;
        const client = new pg.Client({ connectionString: url });
        expect(client).toMatchObject({
          user: 'hexclave',
          password: secret,
          host: 'hexclave-postgres',
          port: 5432,
          database: 'hexclave',
        });
        const parsed = new URL(url);
        expect(decodeURIComponent(parsed.password)).toBe(secret);
        expect([parsed.hostname, parsed.pathname, parsed.search, parsed.hash]).toEqual([
          'hexclave-postgres',
          '/hexclave',
          '',
          '',
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test('arrives in the Secret byte for byte, through secrets.env', () => {
    // Docker strips no blank, but an editor does, and the check warns of one at either end.
    const inFile = password.map((text) => `q${text}x`);
    fc.assert(
      fc.property(inFile, (secret) => {
        const { environment } = load({
          ...snapshotCases.bundled!,
          secrets: { ...bundledSecrets, POSTGRES_PASSWORD: secret },
        });
        expect(environment!.secrets!.POSTGRES_PASSWORD).toBe(secret);
        expect(new pg.Client({ connectionString: environment!.secrets![URL_NAME]! }).password).toBe(secret);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a credential of a store', () => {
  const storeSecrets = (stores: object) =>
    provisions(settings(stores), () => undefined).flatMap(({ secrets }) => secrets);
  const combinations = modes.postgres.flatMap((postgres) =>
    modes.clickhouse.map((clickhouse) => ({ postgres: { mode: postgres }, clickhouse: { mode: clickhouse } })),
  );

  test.each(combinations)('is a secret variable of the contract, for %o', (stores) => {
    for (const name of storeSecrets(stores)) {
      expect(variable(name), name).toMatchObject({ secret: true });
      // What is not the server's own says which setting needs it.
      if (!variable(name)!.required) expect(variable(name)!.when, name).toMatch(/^stores\.\w+\.mode: [\w-]+$/);
    }
  });

  test('that the contract says a setting needs is needed by that setting', () => {
    for (const { name, when } of contract) {
      // Backups have their own, which is tried with them.
      if (!when || /^backup\b/.test(when)) continue;
      const [, store, mode] = /^stores\.(\w+)\.mode: ([\w-]+)$/.exec(when)!;
      expect(storeSecrets({ [store!]: { mode } }), name).toContain(name);
    }
  });

  test('is read by both sides from the same key of the same Secret', () => {
    const objects = objectsOf(synthesize(snapshotCases.bundled!)).map(({ object }) => object);
    const store = (name: string) =>
      objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name).spec.template.spec;
    const server = objects.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers[0];
    expect(server.envFrom).toContainEqual({ secretRef: { name: 'hexclave-secrets' } });
    expect(store('hexclave-postgres').volumes).toContainEqual({
      name: 'password',
      secret: {
        secretName: 'hexclave-secrets',
        defaultMode: 0o440,
        items: [{ key: 'POSTGRES_PASSWORD', path: 'password' }],
      },
    });
    expect(store('hexclave-clickhouse').containers[0].env).toContainEqual({
      name: 'CLICKHOUSE_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'hexclave-secrets', key: 'STACK_CLICKHOUSE_ADMIN_PASSWORD' } },
    });
  });

  test('stands in no file but the Secret, not even percent-encoded', () => {
    for (const [file, text] of synthesize(snapshotCases.bundled!)) {
      if (file === '11-secret.k8s.yaml') continue;
      for (const secret of Object.values(bundledSecrets)) expect(text, file).not.toContain(encodeURIComponent(secret));
    }
  });
});

describe('with an existing Secret', () => {
  const yaml = `
image: { tag: 53c1c9e }
secrets: { mode: existing, name: given }
stores: { postgres: { mode: bundled }, clickhouse: { mode: bundled } }
edge: { tls: { external: true } }
`;

  test('the stores read their passwords there, and what is not secret is still set', () => {
    const environment = environmentOf({ yaml, config: bundledConfig });
    expect(environment.secrets).toBeUndefined();
    expect(environment.config).toMatchObject({
      STACK_CLICKHOUSE_URL: 'http://hexclave-clickhouse:8123',
      STACK_CLICKHOUSE_ADMIN_USER: 'stackframe',
      STACK_CLICKHOUSE_DATABASE: 'default',
    });
    expect(environment.config[URL_NAME]).toBeUndefined();
    const text = synthesize({ yaml, config: bundledConfig }).get('20-stores.k8s.yaml')!;
    expect(text).toContain('secretName: given');
    expect(text).not.toContain('hexclave-secrets');
  });

  test('a password from somewhere else again is taken from there', () => {
    const elsewhere = `${yaml}env: { POSTGRES_PASSWORD: { secret: vault, key: database } }\n`;
    const text = synthesize({ yaml: elsewhere, config: bundledConfig }).get('20-stores.k8s.yaml')!;
    expect(text).toMatch(/key: database\n\s+path: password\n\s+secretName: vault\n/);
  });
});

describe('CloudNativePG', () => {
  test('gives the server, the gate and the migration the URL of the Secret that the operator makes', () => {
    const objects = objectsOf(synthesize(snapshotCases.operators!)).map(({ object }) => object);
    const job = objects.find(({ kind }) => kind === 'Job').spec.template.spec;
    const { containers, initContainers } = objects.find(({ kind }) => kind === 'Deployment').spec.template.spec;
    for (const { env } of [...job.containers, ...containers, ...initContainers]) {
      expect(env).toContainEqual({
        name: URL_NAME,
        valueFrom: { secretKeyRef: { name: 'hexclave-postgres-app', key: 'uri' } },
      });
    }
  });
});

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { rotationOf } from '../../config/contract/rotation';
import { parseEnvFile } from '../../config/env-file';
import { rotationIn } from '../../config/rotation';
import { type CommandRun, command, scratchWith } from '../support/cli';
import { draft } from '../support/draft';

const FILE = 'environments/production/secrets.env';
const STORES = {
  postgres: { mode: 'bundled' },
  clickhouse: { mode: 'bundled' },
  email: { mode: 'mailpit' },
  s3: { mode: 'seaweedfs' },
  webhooks: { mode: 'svix' },
};

it('rotate has something to say about every secret variable a user may set', () => {
  for (const { name, secret, owner } of contract) {
    if (!secret || owner) continue;
    const { breaks, before = [], after = [] } = rotationOf(name);
    for (const sentence of [breaks, ...before, ...after]) expect(sentence, name).toMatch(/^[A-Z].*[.…'’]$/);
  }
});

describe('rotate of a secret of a store in the namespace', () => {
  const modes = [
    undefined,
    { mode: 'existing', name: 'given' },
    { mode: 'external-secrets', store: { name: 'vault' }, from: { key: 'auth' } },
  ];

  it('has something of its own to say about each, in every mode', () => {
    const outside = rotationOf('STACK_SVIX_API_KEY');
    for (const clickhouse of [{ mode: 'bundled' }, { mode: 'altinity' }]) {
      for (const secrets of modes) {
        const settings = { stores: { ...STORES, clickhouse }, ...(secrets && { secrets }) };
        const made = draft({ settings });
        const names = made.provisions.flatMap((provision) => provision.secrets);
        expect(names).toHaveLength(7);
        for (const name of names) {
          const { breaks, before = [], after = [] } = rotationIn(made, name);
          expect(breaks, name).not.toBe(outside.breaks);
          expect(breaks, name).not.toBe(rotationOf(name).breaks);
          expect(breaks, name).toMatch(/^[A-Z].*\.$/);
          for (const step of [...before, ...after].filter((text) => text.includes('kubectl'))) {
            expect(step, name).toContain('kubectl -n hexclave-production ');
          }
        }
      }
    }
  });

  it('is as for any other when the store is outside', () => {
    const made = draft();
    for (const name of ['STACK_EMAIL_PASSWORD', 'STACK_CLICKHOUSE_ADMIN_PASSWORD']) {
      expect(rotationIn(made, name)).toBe(rotationOf(name));
    }
  });

  it.each([
    'POSTGRES_PASSWORD',
    'STACK_CLICKHOUSE_ADMIN_PASSWORD',
    'STACK_EMAIL_PASSWORD',
    'STACK_S3_ACCESS_KEY_ID',
    'STACK_S3_SECRET_ACCESS_KEY',
    'SVIX_JWT_SECRET',
    'SVIX_DATABASE_PASSWORD',
  ])('makes %s up, for nobody issues it', (variable) => {
    const folder = withStores();
    const old = values(folder);
    const run = rotate(folder, variable);
    expect(run.code).toBe(0);
    const now = values(folder);
    expect(now[variable]).not.toBe(old[variable]);
    expect({ ...now, [variable]: '' }).toEqual({ ...old, [variable]: '' });
    expect(run.stdout).not.toContain('Get the new credential');
    expect(command(folder, ['check', 'production']).code).toBe(0);
  });

  it('tells where PostgreSQL gets the new password before the rollout, or nothing could connect', () => {
    expect(rotate(withStores(), 'POSTGRES_PASSWORD').stdout).toMatch(
      /kubectl -n hexclave-production exec -it hexclave-postgres-0 -- psql .*\\password'\n {2}3\. npx cdk8s-hexclave synth/,
    );
  });

  it('starts the pod of Altinity’s operator anew, and leaves the bundled one to its digest', () => {
    const altinity = withStores((yaml) => yaml.replace('clickhouse: { mode: bundled', 'clickhouse: { mode: altinity'));
    const step = 'kubectl -n hexclave-production delete pod -l app.kubernetes.io/component=clickhouse';
    expect(rotate(altinity, 'STACK_CLICKHOUSE_ADMIN_PASSWORD').stdout).toContain(step);
    const bundled = withStores();
    const digest = () => /hexclave\.dev\/secrets: (.*)/.exec(manifest(bundled, /name: hexclave-clickhouse$/m))?.[1];
    const before = digest();
    expect(rotate(bundled, 'STACK_CLICKHOUSE_ADMIN_PASSWORD').stdout).not.toContain(step);
    expect(before).toBeDefined();
    expect(digest()).not.toBe(before);
  });

  it.each([
    ['STACK_SVIX_API_KEY', 'SVIX_JWT_SECRET'],
    ['STACK_DATABASE_CONNECTION_STRING', 'POSTGRES_PASSWORD'],
  ])('leads from %s to %s, which it is made from', (variable, origin) => {
    const folder = withStores();
    const run = rotate(folder, variable);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`${variable} is made from ${origin}`);
    expect(run.stderr).toContain(`npx cdk8s-hexclave rotate production ${origin}`);
  });
});

it.each([
  'STACK_EMAIL_PASSWORD',
  'STACK_S3_ACCESS_KEY_ID',
  'STACK_S3_SECRET_ACCESS_KEY',
  'STACK_SVIX_API_KEY',
  'STACK_CLICKHOUSE_ADMIN_PASSWORD',
])('rotate makes up no %s while somebody outside issues it', (variable) => {
  const folder = scratchWith('production');
  const before = readFileSync(join(folder, FILE), 'utf8');
  const run = rotate(folder, variable);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('somebody else issues it');
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(before);
});

/** An environment with every store in its namespace, and the secrets that they need. */
function withStores(change: (yaml: string) => string = (yaml) => yaml): string {
  const folder = scratchWith('production');
  const stores = Object.entries(STORES).map(([name, { mode }]) => `  ${name}: { mode: ${mode} }\n`);
  appendFileSync(join(folder, 'environments/production/environment.yaml'), change(`stores:\n${stores.join('')}`));
  for (const file of ['config.env', 'secrets.env'])
    drop(folder, file, /^STACK_(CLICKHOUSE_(URL|DATABASE)|DATABASE_CONN)/);
  const run = command(folder, ['init', 'production']);
  if (run.code !== 0) throw new Error(run.stderr);
  return folder;
}

function manifest(folder: string, which: RegExp): string {
  const run = command(folder, ['synth', 'production']);
  if (run.code !== 0) throw new Error(run.stderr);
  const text = readFileSync(join(folder, 'dist/production/20-stores.k8s.yaml'), 'utf8');
  return text.split('---\n').find((document) => document.includes('kind: StatefulSet') && which.test(document))!;
}

function rotate(folder: string, variable: string): CommandRun {
  return command(folder, ['rotate', 'production', variable]);
}

function values(folder: string): Record<string, string> {
  const { entries } = parseEnvFile(readFileSync(join(folder, FILE)), FILE);
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

function drop(folder: string, file: string, lines: RegExp): void {
  const path = join(folder, 'environments/production', file);
  const kept = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !lines.test(line));
  writeFileSync(path, kept.join('\n'));
}

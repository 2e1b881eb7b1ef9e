import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { command, scratchWith } from '../support/cli';

const EVERYTHING = `
stores:
  postgres: { mode: bundled }
  clickhouse: { mode: bundled }
  email: { mode: mailpit }
  s3: { mode: seaweedfs }
  webhooks: { mode: svix }
`;
const OF_STORES = [
  'POSTGRES_PASSWORD',
  'STACK_CLICKHOUSE_ADMIN_PASSWORD',
  'STACK_EMAIL_PASSWORD',
  'STACK_S3_ACCESS_KEY_ID',
  'STACK_S3_SECRET_ACCESS_KEY',
  'SVIX_DATABASE_PASSWORD',
  'SVIX_JWT_SECRET',
];

const made = (folder: string, file = '') => join(folder, 'environments', 'production', file);
const text = (folder: string) => readFileSync(made(folder, 'secrets.env'), 'utf8');
const values = (folder: string) =>
  new Map(parseEnvFile(text(folder), '').entries.map(({ name, value }) => [name, value]));
const extend = (folder: string, yaml: string) =>
  writeFileSync(made(folder, 'environment.yaml'), readFileSync(made(folder, 'environment.yaml'), 'utf8') + yaml);
const init = (folder: string, ...options: string[]) => command(folder, ['init', 'production', ...options]);

describe('init of an environment that is there', () => {
  it('makes the secrets of stores that have come into the namespace, and changes no byte of what stands there', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    const clickhouse = values(folder).get('STACK_CLICKHOUSE_ADMIN_PASSWORD');
    extend(folder, EVERYTHING);
    const run = init(folder);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(text(folder).startsWith(before)).toBe(true);
    expect(statSync(made(folder, 'secrets.env')).mode & 0o777).toBe(0o600);
    expect(readdirSync(made(folder)).sort()).toEqual(['config.env', 'environment.yaml', 'secrets.env']);
    for (const name of OF_STORES) expect(values(folder).get(name), name).toMatch(/^[\w-]{20,}$/);
    expect(values(folder).get('STACK_CLICKHOUSE_ADMIN_PASSWORD')).toBe(clickhouse);
    for (const [name, value] of values(folder)) expect(run.stdout, name).not.toContain(value);
    const added = parseEnvFile(text(folder).slice(before.length), '').entries.map(({ name }) => name);
    for (const name of added) expect(run.stdout).toContain(name);
  });

  it('changes nothing when nothing is missing, and says so', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    const run = init(folder);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('lacks no secret');
    expect(text(folder)).toBe(before);
  });

  it('takes a secret for set under its other spelling and as a reference, and fills in the line that is empty', () => {
    const folder = scratchWith('production');
    const changed = text(folder)
      .replace('STACK_SERVER_SECRET=', 'HEXCLAVE_SERVER_SECRET=')
      .replace(/^CRON_SECRET=.*\n/m, '')
      .replace(/^STACK_CLICKHOUSE_EXTERNAL_PASSWORD=.*$/m, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD=');
    writeFileSync(made(folder, 'secrets.env'), changed);
    extend(folder, 'env: { CRON_SECRET: { secret: cron, key: token } }\n');
    const run = init(folder);
    expect(run.stdout).toContain('STACK_CLICKHOUSE_EXTERNAL_PASSWORD\n');
    const after = text(folder);
    expect(after.replace(/^(STACK_CLICKHOUSE_EXTERNAL_PASSWORD=).*$/m, '$1')).toBe(changed);
    expect(values(folder).get('STACK_CLICKHOUSE_EXTERNAL_PASSWORD')).toMatch(/^[\w-]{43}$/);
  });

  it('makes nothing where the secrets are kept elsewhere, and says where to look', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    extend(folder, `${EVERYTHING}secrets: { mode: existing, name: given }\n`);
    const run = init(folder);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('npx cdk8s-hexclave keys production');
    expect(text(folder)).toBe(before);
  });

  it('makes nothing from a description with errors, and shows them', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    extend(folder, 'replcas: 3\n');
    const run = init(folder);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('replicas');
    expect(text(folder)).toBe(before);
  });

  it.each([
    ['--from', 'hexclave.env'],
    ['--namespace', 'auth'],
    ['--image', 'stackauth/server:1'],
  ])('is refused with %s, which would make another one', (...option) => {
    const folder = scratchWith('production');
    extend(folder, EVERYTHING);
    const before = text(folder);
    expect(init(folder, ...option)).toMatchObject({ code: 1, stdout: '' });
    expect(text(folder)).toBe(before);
    expect(existsSync(join(folder, 'environments', '.init-'))).toBe(false);
  });
});

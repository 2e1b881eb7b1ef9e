import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { guideConfig, guideSecrets } from '../support/cases';
import { command, scratchWith } from '../support/cli';

describe('keys', () => {
  it('lists what is needed and what is set, where it is, and no value', () => {
    const folder = scratchWith('production');
    const run = command(folder, ['keys', 'production']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /^STACK_SERVER_SECRET +secret +required +set +environments\/production\/secrets\.env:\d+$/m,
    );
    expect(run.stdout).toMatch(/^STACK_CLICKHOUSE_DATABASE +set +environments\/production\/config\.env:\d+$/m);
    for (const value of Object.values(guideSecrets)) expect(run.stdout).not.toContain(value);
    for (const value of Object.values(guideConfig).filter((text) => text.includes('://'))) {
      expect(run.stdout).not.toContain(value);
    }
  });

  it('lists a variable that is missing, also where the check would stop', () => {
    const folder = scratchWith('production');
    const file = join(folder, 'environments/production/secrets.env');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^CRON_SECRET=.*\n/m, ''));
    expect(command(folder, ['check', 'production']).code).toBe(1);
    const run = command(folder, ['keys', 'production']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^CRON_SECRET +secret +required +not set +environments\/production\/secrets\.env$/m);
  });

  it.each([
    ['existing, name: given', { set: undefined, where: 'Secret given, key CRON_SECRET' }],
    [
      'external-secrets, store: { name: vault }, from: { key: auth }',
      { set: true, where: 'store vault: auth, CRON_SECRET' },
    ],
    [
      'external-secrets, store: { name: vault }, from: { key: auth }, generators: { CRON_SECRET: { name: a } }',
      { set: true, where: 'Secret hexclave-generated-cron-secret, key CRON_SECRET' },
    ],
    ['sealed-secrets', { set: false, where: 'environments/production/secrets.env' }],
  ])('knows where a variable is in the mode %s', (mode, expected) => {
    const folder = scratchWith('production');
    const file = join(folder, 'environments/production/environment.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}secrets: { mode: ${mode} }\n`);
    const { keys } = JSON.parse(command(folder, ['keys', 'production', '--format', 'json']).stdout);
    const found = keys.find(({ name }: { name: string }) => name === 'CRON_SECRET');
    expect(found).toEqual({ name: 'CRON_SECRET', secret: true, required: true, ...expected });
  });

  it('lists the whole contract with --all, less what is not the user’s to set', () => {
    const folder = scratchWith('production');
    const { keys } = JSON.parse(command(folder, ['keys', 'production', '--all', '--format', 'json']).stdout);
    const settable = contract.filter(({ owner, group }) => !owner && group !== 'development');
    expect(keys.map(({ name }: { name: string }) => name)).toEqual(settable.map(({ name }) => name));
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

const FILE = 'environments/production/secrets.env';
const EXTERNAL = 'external-secrets, store: { name: vault }, from: { prefix: auth- }';

it.each([
  [
    'existing, name: given',
    /Change the key CRON_SECRET of the Secret given in the namespace hexclave-production[\s\S]*secrets\.revision/,
  ],
  [EXTERNAL, /store behind vault.*auth-CRON_SECRET[\s\S]*secrets\.revision/],
])('rotate in the mode %s tells how, and changes nothing', (mode, advice) => {
  expect(advised(mode)).toMatch(advice);
});

it.each([
  [
    'made by a generator',
    `${EXTERNAL}, generators: { CRON_SECRET: { name: p }, STACK_SERVER_SECRET: { name: p } }`,
    'hexclave-generated-cron-secret',
    'with a value made anew',
  ],
  [
    'made once from a store',
    `${EXTERNAL}, refreshPolicy: CreatedOnce`,
    'hexclave-secrets',
    'all keys read from the store anew',
  ],
])('rotate of a secret %s has a copy kept before the Secret is deleted, in its namespace', (_, mode, secret, how) => {
  const output = advised(mode);
  const [copy, revision, remove, apply] = [
    `kubectl -n hexclave-production get secret ${secret} -o yaml > ~/`,
    'secrets.revision',
    `kubectl -n hexclave-production delete --ignore-not-found externalsecret/${secret} secret/${secret}`,
    'Apply, or commit and push.',
  ].map((step) => output.indexOf(step));
  expect(copy).toBeGreaterThan(0);
  expect(revision).toBeGreaterThan(copy!);
  expect(remove).toBeGreaterThan(revision!);
  expect(apply).toBeGreaterThan(remove!);
  expect(output).toContain(how);
  expect(output).not.toContain('server-secret');
  for (const line of output.split('\n').filter((text) => text.includes('kubectl'))) {
    expect(line).toContain('kubectl -n hexclave-production ');
  }
});

/** What rotate says about CRON_SECRET in a mode in which it is in no file. */
function advised(mode: string): string {
  const folder = scratchWith('production');
  const before = readFileSync(join(folder, FILE), 'utf8');
  const yaml = join(folder, 'environments/production/environment.yaml');
  writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}secrets: { mode: ${mode} }\n`);
  const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain('What breaks');
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(before);
  return run.stdout;
}

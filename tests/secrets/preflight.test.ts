import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

// What a cluster answers is in tests/cluster/secrets.test.ts; here there is none.

it('preflight says so when kubectl is not installed', () => {
  const folder = existing();
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('The program kubectl is not installed');
});

it('preflight asks the cluster nothing when the manifests hold all that the pods read', () => {
  const folder = scratchWith('production');
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Complete: the manifests hold all that the pods read');
});

it('preflight does not ask the cluster about an environment that has errors', () => {
  const folder = existing();
  writeFileSync(join(folder, 'environments/production/config.env'), '');
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('The cluster was not asked');
});

function existing(): string {
  const folder = scratchWith('production');
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}secrets: { mode: existing, name: given }\n`);
  return folder;
}

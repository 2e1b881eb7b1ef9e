import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { type CommandRun, command, scratchWith } from '../support/cli';

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

it('preflight names the same missing keys to programs as to people, of a Secret that is there and of one that is not', () => {
  const required = contract.filter((item) => item.secret && item.required).map((item) => item.name);
  const run = (script: string) => {
    const { code, stdout } = asked(existing(script), '--format', 'json');
    const { objects, findings } = JSON.parse(stdout);
    return { code, findings, given: objects.find(({ name }: { name: string }) => name === 'given') };
  };
  const there = run('printf "found\\nCRON_SECRET\\nSTACK_SVIX_API_KEY\\n"');
  const lacking = required.filter((name) => name !== 'CRON_SECRET').sort();
  expect(there).toMatchObject({ code: 1, given: { found: true, missing: lacking } });
  const fields = there.findings.filter(({ rule }: { rule: string }) => rule === 'required-missing');
  expect(fields.map(({ field }: { field: string }) => field).sort()).toEqual(lacking);
  const absent = run('exit 0');
  expect(absent).toMatchObject({ code: 1, given: { found: false, missing: [...required].sort() } });
  expect(absent.findings).toContainEqual(
    expect.objectContaining({ rule: 'cluster-object-missing', fix: expect.stringContaining(lacking.join(', ')) }),
  );
});

it.each([
  ['exit 3', 'it ended with 3 and said nothing'],
  ['kill -9 $$', 'it was ended by SIGKILL'],
  ['echo "no route to host" >&2; exit 1', 'no route to host'],
])('preflight says why kubectl failed, also when it does not say so itself: %s', (script, reason) => {
  const run = asked(existing(script));
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(`kubectl cannot read the Secret given: ${reason}\n`);
});

function asked(folder: string, ...options: string[]): CommandRun {
  return command(folder, ['preflight', 'production', ...options], { env: { PATH: `${folder}:${process.env.PATH}` } });
}

/** An environment whose Secret is in the cluster, and what stands in for kubectl. */
function existing(kubectl?: string): string {
  const folder = scratchWith('production');
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}secrets: { mode: existing, name: given }\n`);
  if (kubectl) {
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${kubectl}\n`);
    chmodSync(join(folder, 'kubectl'), 0o755);
  }
  return folder;
}

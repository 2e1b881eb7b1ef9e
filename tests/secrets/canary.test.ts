import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, type FSWatcher, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guideSecrets, madeUp } from '../support/cases';
import { envFile, root, scratchWith } from '../support/cli';
import { tool, toolFolder } from '../support/tools';

/** Values that would be noticed anywhere: every secret of the guide, and the migration Job's. */
const secrets: Record<string, string> = {
  ...guideSecrets,
  MIGRATION_DATABASE_CONNECTION_STRING: `postgresql://owner:${madeUp('owner', 32)}@db.acme.test:5432/stackframe`,
};

const modes = {
  'env-file': 'mode: env-file',
  existing: 'mode: existing, name: given',
  'external-secrets': 'mode: external-secrets, store: { name: vault }, from: { prefix: auth- }',
  'sealed-secrets': 'mode: sealed-secrets',
  sops: 'mode: sops',
};

const PROGRAMS = ['needs-age', 'needs-git', 'needs-openssl', 'needs-sops'];

describe.each(Object.entries(modes))('in the mode %s no secret value', { tags: PROGRAMS }, (mode, settings) => {
  it('is in an output, a temporary file, an argument of a process, or dist/', async () => {
    const folder = project(settings);
    const seals = mode === 'sealed-secrets' || mode === 'sops';
    const rotates = mode === 'env-file' || seals;
    const known = new Set(leaks(Object.values(secrets)));
    const runs: string[][] = [
      ['check', 'production'],
      ...(seals
        ? [
            ['seal', 'production'],
            ['seal', 'production', '--all'],
          ]
        : []),
      ['check', 'production', '--format', 'json'],
      ['keys', 'production', '--all'],
      ['keys', 'production', '--format', 'json'],
      ['synth', 'production'],
      ['synth', '--format', 'json'],
      ['rotate', 'production', 'CRON_SECRET'],
      ['rotate', 'production', 'STACK_SERVER_SECRET'],
      ...(seals ? [['seal', 'production']] : []),
      ['synth', 'production'],
      ['preflight', 'production'],
    ];
    for (const args of runs) {
      const seen = await observed(folder, args);
      for (const value of leaks(currentValues(folder))) known.add(value);
      expectFree(`the output of ${args.join(' ')}`, seen.output, known);
      expect(seen.temporary, `temporary files of ${args.join(' ')}`).toEqual([]);
    }
    const programs = readFileSync(join(folder, 'arguments'), 'utf8');
    expectFree('the arguments of programs', programs, known);
    for (const trace of [
      // With an env file the manifests hold all that the pods read, and there is nothing to ask the cluster for.
      ...(mode === 'env-file' ? [] : ['--ignore-not-found']),
      ...(rotates ? ['check-ignore'] : []),
      ...(mode === 'sops' ? ['encrypt'] : []),
    ]) {
      expect(programs).toContain(trace);
    }
    const written = readdirSync(join(folder, 'dist/production'));
    expect(written.includes('11-secret.k8s.yaml')).toBe(mode === 'env-file');
    for (const file of written.filter((name) => name !== '11-secret.k8s.yaml')) {
      expectFree(file, readFileSync(join(folder, 'dist/production', file), 'utf8'), known);
    }
    const committed = readdirSync(join(folder, 'environments/production')).filter(
      (name) => !name.startsWith('secrets.env'),
    );
    for (const file of committed) {
      expectFree(file, readFileSync(join(folder, 'environments/production', file), 'utf8'), known);
    }
    if (rotates) expect(currentValues(folder)).not.toContain(secrets.CRON_SECRET);
  });
});

it('stands in no snapshot of a mode that keeps values out', () => {
  const known = new Set(leaks(Object.values(guideSecrets)));
  for (const name of ['existing', 'external', 'sealed', 'sops']) {
    for (const file of readdirSync(join(root, '__snapshots__', name))) {
      expectFree(`${name}/${file}`, readFileSync(join(root, '__snapshots__', name, file), 'utf8'), known);
    }
  }
});

function project(settings: string): string {
  const folder = scratchWith('production');
  const environment = join(folder, 'environments/production');
  const yaml = join(environment, 'environment.yaml');
  writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}secrets: { ${settings} }\n`);
  writeFileSync(join(environment, 'secrets.env'), envFile(secrets));
  const pair = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'key.pem'), '-out', 'certificate.pem'];
  spawnSync('openssl', ['req', '-x509', ...pair, '-subj', '/CN=s', '-days', '3650'], { cwd: environment });
  tool('age-keygen', ['-o', 'age.txt'], { cwd: folder });
  const age = tool('age-keygen', ['-y', 'age.txt'], { cwd: folder }).trim();
  writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - path_regex: sops\n    age: ${age}\n`);
  writeFileSync(join(folder, 'arguments'), '');
  mkdirSync(join(folder, 'tmp'));
  mkdirSync(join(folder, 'bin'));
  // Each notes its arguments and its environment, and goes on as the real program.
  for (const program of ['sops', 'git', 'kubectl']) {
    const real = `${toolFolder}:${process.env.PATH}`;
    const script = `#!/bin/sh\n{ printf '%s\\n' "$0" "$@"; env; } >> ${folder}/arguments\nPATH=${real} exec ${program} "$@"\n`;
    writeFileSync(join(folder, 'bin', program), script);
    chmodSync(join(folder, 'bin', program), 0o755);
  }
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  writeFileSync(join(folder, '.gitignore'), readFileSync(join(root, '.gitignore'), 'utf8'));
  return folder;
}

/** Runs a command with an eye on what it prints and on the folder for temporary files. */
async function observed(folder: string, args: string[]): Promise<{ output: string; temporary: string[] }> {
  const temporary: string[] = [];
  const watcher: FSWatcher = watch(join(folder, 'tmp'), (_, name) => temporary.push(String(name)));
  const env = {
    PATH: `${folder}/bin:${process.env.PATH}`,
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    KUBECONFIG: 'none',
  };
  const child: ChildProcess = spawn(process.execPath, [join(root, 'cli/cdk8s-hexclave.cjs'), ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  watcher.close();
  return { output, temporary: [...temporary, ...readdirSync(join(folder, 'tmp'))] };
}

function currentValues(folder: string): string[] {
  const text = readFileSync(join(folder, 'environments/production/secrets.env'), 'utf8');
  return text.split('\n').flatMap((line) => (line.includes('=') ? [line.slice(line.indexOf('=') + 1)] : []));
}

/** A value as it is, the password in a URL, and both in base64. */
function leaks(values: readonly string[]): string[] {
  const plain = values.flatMap((value) => (URL.canParse(value) ? [value, new URL(value).password] : [value]));
  return plain.flatMap((value) => [value, Buffer.from(value).toString('base64').replace(/=+$/, '')]);
}

function expectFree(what: string, text: string, values: ReadonlySet<string>): void {
  // Not the value itself in the message of a failing test.
  expect([...values].filter((value) => text.includes(value)).length, what).toBe(0);
}

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeUp } from '../support/cases';
import { command, envFile, root, scratch, scratchWith } from '../support/cli';

const FILES = ['config.env', 'environment.yaml', 'secrets.env'];

describe('init without a file', () => {
  it('makes the three files, the secrets for the owner alone, and nothing else', () => {
    const folder = scratch();
    const run = command(folder, ['init', 'production']);
    expect(run.code).toBe(0);
    expect(readdirSync(join(folder, 'environments'))).toEqual(['production']);
    const made = join(folder, 'environments', 'production');
    expect(readdirSync(made).sort()).toEqual(FILES);
    expect(statSync(join(made, 'secrets.env')).mode & 0o777).toBe(0o600);
    expect(statSync(join(made, 'config.env')).mode & 0o777).toBe(0o644);
    expect(statSync(made).mode & 0o777).toBe(0o755);
  });

  it('leaves open only what nobody else can know, and says so', () => {
    const folder = scratch();
    const { stdout } = command(folder, ['init', 'production']);
    const { code, stdout: json } = command(folder, ['check', 'production', '--format', 'json']);
    expect(code).toBe(1);
    const errors = JSON.parse(json).findings.filter((finding: { severity: string }) => finding.severity === 'error');
    const open = errors.map((finding: { field: string }) => finding.field).sort();
    expect(open).toContain('NEXT_PUBLIC_STACK_API_URL');
    expect(open).toContain('STACK_DATABASE_CONNECTION_STRING');
    for (const name of open) expect(stdout).toContain(name);
  });

  it('needs no more than the open values filled in to be synthesized', () => {
    const folder = scratch();
    command(folder, ['init', 'production']);
    fill(join(folder, 'environments', 'production'), {
      NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.test',
      NEXT_PUBLIC_STACK_DASHBOARD_URL: 'https://auth.acme.test',
      STACK_CLICKHOUSE_URL: 'https://clickhouse.acme.test:8443',
      STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin@acme.test',
      STACK_DATABASE_CONNECTION_STRING: `postgresql://hexclave:${madeUp('database', 32)}@postgres.acme.test:5432/hexclave`,
      STACK_CLICKHOUSE_ADMIN_PASSWORD: madeUp('clickhouse', 32),
    });
    expect(command(folder, ['check'])).toMatchObject({ code: 0 });
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
  });

  it('makes strong secrets, new ones each time', () => {
    const folder = scratch();
    command(folder, ['init', 'one']);
    command(folder, ['init', 'two']);
    const [one, two] = ['one', 'two'].map((name) => values(join(folder, 'environments', name, 'secrets.env')));
    expect(Buffer.from(one!.STACK_SERVER_SECRET!, 'base64url')).toHaveLength(32);
    expect(one!.CRON_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(one!.STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY).toMatch(/^[0-9a-f]{64}$/);
    expect(one!.STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD).toMatch(/^[\w-]{32}$/);
    const made = Object.entries(one!).filter(([, value]) => value !== '');
    expect(new Set(made.map(([, value]) => value)).size).toBe(made.length);
    for (const [name, value] of made) expect(two![name]).not.toBe(value);
  });

  it('turns off reports to the vendor', () => {
    const folder = scratch();
    command(folder, ['init', 'production']);
    const config = values(join(folder, 'environments', 'production', 'config.env'));
    expect(config).toMatchObject({ CI: 'true', NEXT_PUBLIC_POSTHOG_KEY: 'none' });
    expect(config.STACK_CLICKHOUSE_DATABASE).toBe('default');
  });

  it('takes the namespace and the image of the options', () => {
    const folder = scratchWith();
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const image = `registry.acme.test:5000/auth/server:1.2.3@${digest}`;
    command(folder, ['init', 'production', '--from', 'hexclave.env', '--namespace', 'auth', '--image', image]);
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    const server = readFileSync(join(folder, 'dist', 'production', '40-server.k8s.yaml'), 'utf8');
    expect(server).toContain(`image: ${image}\n`);
    expect(server).toContain('namespace: auth\n');
  });

  it('reads a short image reference as Docker does', () => {
    const folder = scratch();
    command(folder, ['init', 'production', '--image', 'acme/server:2025.1']);
    const yaml = readFileSync(join(folder, 'environments', 'production', 'environment.yaml'), 'utf8');
    expect(yaml).toContain('repository: "docker.io/acme/server"');
    expect(yaml).toContain('tag: "2025.1"');
  });
});

describe('init beside files that are there', () => {
  it.each(FILES)('overwrites no %s', (file) => {
    const folder = scratch();
    const made = join(folder, 'environments', 'production');
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, file), 'mine');
    const run = command(folder, ['init', 'production']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(`environments/production/${file}`);
    expect(readdirSync(made)).toEqual([file]);
    expect(readFileSync(join(made, file), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'environments'))).toEqual(['production']);
  });

  it('leaves other files of the folder alone', () => {
    const folder = scratch();
    const made = join(folder, 'environments', 'production');
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, 'NOTES.md'), 'mine');
    expect(command(folder, ['init', 'production'])).toMatchObject({ code: 0 });
    expect(readdirSync(made).sort()).toEqual(['NOTES.md', ...FILES]);
    expect(statSync(join(made, 'secrets.env')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'environments'))).toEqual(['production']);
  });
});

it('init clears away what a killed one has left, which holds secrets and is no environment', () => {
  const folder = scratchWith('production');
  const left = join(folder, 'environments', '.init-aB3x9Z');
  cpSync(join(folder, 'environments', 'production'), left, { recursive: true });
  expect(command(folder, ['check'])).toMatchObject({ code: 0 });
  expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
  expect(readdirSync(join(folder, 'dist'))).toEqual(['production']);
  expect(command(folder, ['init', 'staging'])).toMatchObject({ code: 0 });
  expect(readdirSync(join(folder, 'environments')).sort()).toEqual(['production', 'staging']);
});

it('init leaves no secrets behind for good, whenever it is killed', () => {
  const folder = scratchWith();
  const args = [join(root, 'cli/cdk8s-hexclave.cjs'), 'init'];
  const began = performance.now();
  command(folder, ['init', 'first']);
  const span = performance.now() - began;
  for (let part = 0.5; part <= 1.05; part += 0.05) {
    const name = `part-${Math.round(part * 100)}`;
    const timeout = Math.round(span * part);
    spawnSync(process.execPath, [...args, name], { cwd: folder, timeout, killSignal: 'SIGKILL' });
    const made = join(folder, 'environments', name);
    if (existsSync(made)) expect(readdirSync(made).sort()).toEqual(FILES);
  }
  expect(command(folder, ['init', 'last'])).toMatchObject({ code: 0 });
  expect(readdirSync(join(folder, 'environments')).filter((entry) => entry.startsWith('.'))).toEqual([]);
});

describe('init with what it cannot use', () => {
  it.each([
    ['no name', ['init'], 2, "missing required argument 'name'"],
    ['a name Kubernetes refuses', ['init', 'Production'], 2, '"Production" cannot be an environment'],
    ['a path', ['init', '../elsewhere'], 2, 'cannot be an environment'],
    ['a namespace Kubernetes refuses', ['init', 'x', '--namespace', 'a.b'], 2, '"a.b" cannot be a namespace'],
    ['an image without a tag', ['init', 'x', '--image', 'stackauth/server'], 2, 'names no image with its tag'],
    ['an image with half a digest', ['init', 'x', '--image', 'a/b:c@sha256:12'], 2, 'names no image with its tag'],
    ['an unknown option', ['init', 'x', '--form', 'y'], 2, "unknown option '--form'"],
    ['a file that is not there', ['init', 'x', '--from', 'none.env'], 1, 'none.env: there is no such file'],
    ['a folder for a file', ['init', 'x', '--from', '.'], 1, 'it is a folder, a file is needed'],
  ])('ends with a message and makes nothing: %s', (_, args, code, message) => {
    const folder = scratch();
    const run = command(folder, args);
    expect(run).toMatchObject({ code, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which part of the path is no folder', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'environments'), '');
    const run = command(folder, ['init', 'production']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^error {2}environments.*: /);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it('says where it may not write, and leaves nothing', () => {
    const folder = scratch();
    mkdirSync(join(folder, 'environments'), { mode: 0o555 });
    const run = command(folder, ['init', 'production'], { unprivileged: true });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('no permission');
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(folder, 'environments', 'production'))).toBe(false);
  });
});

function values(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const pairs = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2));
  return Object.fromEntries(pairs);
}

/** Fills in the empty lines, as a user does in an editor. */
function fill(folder: string, given: Record<string, string>): void {
  for (const file of ['config.env', 'secrets.env']) {
    const text = readFileSync(join(folder, file), 'utf8');
    const filled = text.replace(/^([A-Z_]+)=$/gm, (line, name) =>
      name in given ? envFile({ [name]: given[name]! }).trim() : line,
    );
    writeFileSync(join(folder, file), filled);
  }
}

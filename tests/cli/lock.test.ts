import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { command, root, scratchWith } from '../support/cli';
import { type Running, start } from '../support/process';

const FOLDER = 'environments/production';
const FILE = `${FOLDER}/secrets.env`;
const LOCK = `${FILE}.lock`;
const VARIABLES = [
  'CRON_SECRET',
  'STACK_SERVER_SECRET',
  'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
  'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY',
  'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD',
];

describe('commands that run at the same time', () => {
  it('rotate one after the other, also after a run that was killed, and lose no new value and no old file', async () => {
    const folder = scratchWith('production');
    lock(folder, `${gone()} 1 ${hostname()}`);
    const before = values(folder, FILE);
    const runs = VARIABLES.map((variable) => begin(folder, 'rotate', 'production', variable));
    for (const run of runs) expect(await run.ended).toMatchObject({ code: 0 });
    const after = values(folder, FILE);
    for (const [name, value] of Object.entries(before))
      expect(after[name] !== value, name).toBe(VARIABLES.includes(name));
    const previous = VARIABLES.map((_, index) => `secrets.env.previous${index === 0 ? '' : `.${index + 1}`}`);
    expect(readdirSync(join(folder, FOLDER)).sort()).toEqual(
      ['config.env', 'environment.yaml', 'secrets.env', ...previous].sort(),
    );
    expect(values(folder, `${FILE}.previous`)).toEqual(before);
  });

  it('rotate and complete one secrets.env', async () => {
    const folder = scratchWith('production');
    const yaml = join(folder, FOLDER, 'environment.yaml');
    writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}stores: { email: { mode: mailpit }, s3: { mode: seaweedfs } }\n`);
    const before = values(folder, FILE);
    const runs = [
      begin(folder, 'init', 'production'),
      begin(folder, 'rotate', 'production', 'CRON_SECRET'),
      begin(folder, 'init', 'production'),
    ];
    for (const run of runs) expect(await run.ended).toMatchObject({ code: 0 });
    const after = values(folder, FILE);
    expect(after.CRON_SECRET).not.toBe(before.CRON_SECRET);
    expect(Object.keys(after)).toEqual([
      ...Object.keys(before),
      ...['STACK_EMAIL_PASSWORD', 'STACK_S3_ACCESS_KEY_ID', 'STACK_S3_SECRET_ACCESS_KEY'],
    ]);
  });

  it('write whole manifests into one folder', async () => {
    const folder = scratchWith('production', 'staging');
    command(folder, ['synth', '--output', 'alone']);
    const runs = Array.from({ length: 6 }, () => begin(folder, 'synth'));
    for (const run of runs) expect(await run.ended).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['production', 'staging']);
    for (const name of ['production', 'staging']) {
      const [one, other] = ['alone', 'dist'].map((output) => contents(join(folder, output, name)));
      expect(other).toEqual(one);
    }
  });
});

describe('a lock file', () => {
  it('of a run that goes on, here or on another machine, is waited for, and then said', async () => {
    const here = scratchWith('production');
    const elsewhere = scratchWith('production');
    const before = readFileSync(join(here, FILE), 'utf8');
    lock(here, `${process.pid} 1 ${hostname()}`);
    lock(elsewhere, `${gone()} 1 elsewhere`);
    const runs = [begin(here, 'rotate', 'production', 'CRON_SECRET'), begin(elsewhere, 'init', 'production')];
    const [ours, theirs] = await Promise.all(runs.map(({ ended }) => ended));
    expect([ours!.code, theirs!.code]).toEqual([1, 1]);
    expect(ours!.output).toContain(`Another run of this command (process ${process.pid}) is at work in ${FOLDER}`);
    expect(theirs!.output).toMatch(/\(process \d+ on elsewhere\).*\n.*rm environments\/production\/secrets\.env\.lock/);
    expect(readFileSync(join(here, FILE), 'utf8')).toBe(before);
    expect(existsSync(join(here, LOCK))).toBe(true);
  });

  it.each([
    ['of a process that is gone', () => `${gone()} 1 ${hostname()}`],
    ['of an hour ago', () => `${process.pid} 1 elsewhere`],
    ['that was never written', () => ''],
  ])('%s stops nobody', (_, text) => {
    const folder = scratchWith('production');
    lock(folder, text());
    const old = Date.now() / 1000 - 3_700;
    if (!text().startsWith(`${gone()}`)) utimesSync(join(folder, LOCK), old, old);
    expect(command(folder, ['rotate', 'production', 'CRON_SECRET'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, FOLDER)).filter((file) => file.includes('.lock'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('of a run that %s has ended stops nobody', async (signal) => {
    const folder = scratchWith('production');
    const yaml = join(folder, FOLDER, 'environment.yaml');
    writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}secrets: { mode: sops }\n`);
    mkdirSync(join(folder, 'bin'));
    const begun = JSON.stringify(join(folder, 'started'));
    const standIn = `#!${process.execPath}\nrequire('node:fs').writeFileSync(${begun}, ''); setTimeout(() => {}, 60_000);\n`;
    writeFileSync(join(folder, 'bin/sops'), standIn);
    chmodSync(join(folder, 'bin/sops'), 0o755);
    const PATH = `${folder}/bin:${process.env.PATH}`;
    const args = [join(root, 'cli/cdk8s-hexclave.cjs'), 'seal', 'production'];
    const run = start(process.execPath, args, { cwd: folder, env: { PATH }, group: true });
    await waitFor(() => existsSync(join(folder, 'started')));
    expect(readFileSync(join(folder, LOCK), 'utf8')).toContain(`${run.pid} `);
    run.kill(signal);
    await run.ended;
    expect(command(folder, ['rotate', 'production', 'CRON_SECRET'])).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, LOCK))).toBe(false);
  });
});

it('a file that an editor has saved meanwhile is not replaced', { tags: 'needs-git' }, () => {
  const folder = scratchWith('production');
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  writeFileSync(join(folder, '.gitignore'), '/environments/*/secrets.env*\n');
  // The command asks git between reading and writing: an editor that saves at that moment.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/git'), `#!/bin/sh\necho MINE=saved >> ${join(folder, FILE)}\nexit 0\n`);
  chmodSync(join(folder, 'bin/git'), 0o755);
  const env = { PATH: `${folder}/bin:${process.env.PATH}` };
  const before = values(folder, FILE);
  const run = command(folder, ['rotate', 'production', 'CRON_SECRET'], { env });
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain(`${FILE} was changed by something else meanwhile`);
  expect(values(folder, FILE)).toEqual({ ...before, MINE: 'saved' });
  expect(readdirSync(join(folder, FOLDER)).filter((file) => file.endsWith('.new'))).toEqual([]);
});

function begin(folder: string, ...args: string[]): Running {
  const env = { HOME: folder };
  return start(process.execPath, [join(root, 'cli/cdk8s-hexclave.cjs'), ...args], { cwd: folder, env });
}

function lock(folder: string, text: string): void {
  writeFileSync(join(folder, LOCK), text);
}

/** The number of a process that has ended. */
function gone(): number {
  ended ??= spawnSync(process.execPath, ['--version']).pid;
  return ended;
}

let ended: number | undefined;

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function values(folder: string, file: string): Record<string, string> {
  const { entries } = parseEnvFile(readFileSync(join(folder, file)), file);
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

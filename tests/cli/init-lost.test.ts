import { existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { type CommandRun, command, scratchWith } from '../support/cli';

const FOLDER = 'environments/production';
const FILE = `${FOLDER}/secrets.env`;

describe('init of an environment that is there without its secrets.env', () => {
  it('makes no new identity, for the environment may run already, and says how to get the old one back', () => {
    const folder = lost();
    const run = init(folder);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('If this environment runs already, new ones are not its own');
    expect(run.stderr).toMatch(
      /umask 077; kubectl -n hexclave-production get secret hexclave-secrets .*\n.*secrets\.env\)/,
    );
    expect(run.stderr).toContain('npx cdk8s-hexclave init production --new-secrets');
    expect(existsSync(join(folder, FILE))).toBe(false);
  });

  it('makes none either into the empty file that a recovery leaves when it fails', () => {
    const folder = lost();
    writeFileSync(join(folder, FILE), '# a comment\n');
    expect(init(folder)).toMatchObject({ code: 1, stdout: '' });
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe('# a comment\n');
  });

  it('makes the file, for its owner alone, when that is what is asked for', () => {
    const folder = lost();
    expect(init(folder, '--new-secrets')).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(join(folder, FILE)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(values(folder).get('STACK_SERVER_SECRET')!, 'base64url')).toHaveLength(32);
    expect(values(folder).has('STACK_DATABASE_CONNECTION_STRING')).toBe(false);
  });

  it('needs nothing said for an evaluation, which can be made anew', () => {
    const folder = lost('purpose: evaluation\n');
    expect(init(folder)).toMatchObject({ code: 0 });
    expect(values(folder).has('STACK_SERVER_SECRET')).toBe(true);
  });

  it('needs nothing said where the identity is kept elsewhere', () => {
    const folder = lost('env: { STACK_SERVER_SECRET: { secret: identity, key: secret } }\n');
    expect(init(folder)).toMatchObject({ code: 0 });
    expect(values(folder).has('STACK_SERVER_SECRET')).toBe(false);
    expect(values(folder).has('CRON_SECRET')).toBe(true);
  });

  it.each([
    ['init', ['init', 'production']],
    ['init --new-secrets', ['init', 'production', '--new-secrets']],
    ['rotate', ['rotate', 'production', 'CRON_SECRET']],
  ])('leaves a link alone that leads nowhere, such as into a vault that is not mounted: %s', (_, args) => {
    const folder = lost();
    symlinkSync('/nowhere/vault/secrets.env', join(folder, FILE));
    const run = command(folder, args);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(`${FILE} is a link to /nowhere/vault/secrets.env, and nothing is there`);
    expect(lstatSync(join(folder, FILE)).isSymbolicLink()).toBe(true);
  });

  it('is what check leads to, with the danger said', () => {
    const folder = lost();
    const { stdout } = command(folder, ['check', 'production']);
    expect(stdout).toMatch(/get it back from the cluster.*never run: npx cdk8s-hexclave init <name> --new-secrets/);
  });
});

describe('init --new-secrets', () => {
  it.each([
    ['a new environment', 'staging', []],
    ['options that make another one', 'production', ['--namespace', 'auth']],
  ])('is refused with %s', (_, name, options) => {
    const folder = scratchWith('production');
    const before = readFileSync(join(folder, FILE), 'utf8');
    const run = command(folder, ['init', name, '--new-secrets', ...options]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('--new-secrets is for an environment that is there');
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe(before);
    expect(existsSync(join(folder, 'environments/staging'))).toBe(false);
  });

  it('keeps every secret that is there', () => {
    const folder = scratchWith('production');
    const before = readFileSync(join(folder, FILE), 'utf8');
    expect(init(folder, '--new-secrets').stdout).toContain('lacks no secret');
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe(before);
  });
});

/** An environment whose secrets.env is on another machine. */
function lost(yaml = ''): string {
  const folder = scratchWith('production');
  rmSync(join(folder, FILE));
  const file = join(folder, FOLDER, 'environment.yaml');
  writeFileSync(file, readFileSync(file, 'utf8') + yaml);
  return folder;
}

function init(folder: string, ...options: string[]): CommandRun {
  return command(folder, ['init', 'production', ...options]);
}

function values(folder: string): ReadonlyMap<string, string> {
  const { entries } = parseEnvFile(readFileSync(join(folder, FILE)), FILE);
  return new Map(entries.map(({ name, value }) => [name, value]));
}

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { rotationOf } from '../../config/contract/rotation';
import { parseEnvFile } from '../../config/env-file';
import { madeUp } from '../support/cases';
import { type CommandRun, command, root, scratchWith } from '../support/cli';

const FILE = 'environments/production/secrets.env';

describe('rotate', () => {
  it.each([
    'STACK_SERVER_SECRET',
    'CRON_SECRET',
    'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY',
    'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
  ])('gives %s a new value that the check accepts, keeps the old ones, and shows neither', (variable) => {
    const folder = scratchWith('production');
    const before = text(folder);
    const run = command(folder, ['rotate', 'production', variable]);
    expect(run.code).toBe(0);
    const [old, now] = [values(before), values(text(folder))];
    expect(now[variable]).not.toBe(old[variable]);
    expect({ ...now, [variable]: old[variable] }).toEqual(old);
    expect(readFileSync(join(folder, `${FILE}.previous`), 'utf8')).toBe(before);
    for (const file of [FILE, `${FILE}.previous`]) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    for (const value of [old[variable]!, now[variable]!]) expect(run.stdout + run.stderr).not.toContain(value);
    expect(command(folder, ['check', 'production']).code).toBe(0);
  });

  it('says what a new value breaks, and what to do in which order', () => {
    const folder = scratchWith('production');
    expect(rotate(folder, 'STACK_SERVER_SECRET').stdout).toMatch(
      /Every session ends[\s\S]*1\. [\s\S]*synth[\s\S]*kubectl apply[\s\S]*JWKS/,
    );
    expect(rotate(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD').stdout).toMatch(
      /1\. .*ALTER USER limited_user[\s\S]*2\. npx cdk8s-hexclave synth/,
    );
    expect(rotate(folder, 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD').stdout).toMatch(
      /the old password stays valid[\s\S]*1\. Sign in to the dashboard/,
    );
  });

  it('leaves every other byte of the file as it is', () => {
    const folder = scratchWith('production');
    const odd = `\ufeff# a comment\r\n  CRON_SECRET=${madeUp('a', 40)}\r\n\nHEXCLAVE_SERVER_SECRET=${'a'.repeat(43)}\n#CRON_SECRET=x\nCRON_SECRET=${madeUp('a', 40)}`;
    writeFileSync(join(folder, FILE), odd);
    command(folder, ['rotate', 'production', 'CRON_SECRET']);
    const now = text(folder);
    const { CRON_SECRET } = values(now);
    expect(CRON_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(now.replaceAll(CRON_SECRET!, madeUp('a', 40))).toBe(odd);
  });

  it('changes every spelling of a variable, or the newest images would refuse to start', () => {
    const folder = scratchWith('production');
    const key = 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY';
    const alias = 'STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY';
    writeFileSync(join(folder, FILE), `${text(folder)}${alias}=${values(text(folder))[key]}\n`);
    rotate(folder, alias);
    const now = values(text(folder));
    expect(now[key]).toBe(now[alias]);
    expect(command(folder, ['check', 'production']).code).toBe(0);
  });

  it('takes what somebody else issues from standard input', () => {
    const folder = scratchWith('production');
    const url = `postgresql://second:${madeUp('second', 32)}@db.acme.test:5432/stackframe`;
    const refused = command(folder, ['rotate', 'production', 'STACK_DATABASE_CONNECTION_STRING']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--from-stdin < file');
    const run = fromStdin(folder, 'STACK_DATABASE_CONNECTION_STRING', `${url}\n`);
    expect(run.code).toBe(0);
    expect(values(text(folder)).STACK_DATABASE_CONNECTION_STRING).toBe(url);
    expect(run.stdout).toContain('make a second role');
  });

  it.each([
    ['refuses a value that the rules refuse', 'mysql://a:b@c/d\n', /database-url/],
    ['refuses a value of two lines', 'postgresql://a:b@c/d\nand more\n', /cannot stand in an env file/],
    ['refuses no value', '\n', /cannot stand in an env file/],
  ])('%s, and changes nothing', (_, input, complaint) => {
    const folder = scratchWith('production');
    const before = text(folder);
    const run = fromStdin(folder, 'STACK_DATABASE_CONNECTION_STRING', input);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(complaint);
    expect(text(folder)).toBe(before);
    expect(existsSync(join(folder, `${FILE}.previous`))).toBe(false);
  });

  it.each([
    ['a variable that does not exist', 'CRON_SECRETS', /Did you mean CRON_SECRET\?/],
    ['a variable that is no secret', 'NEXT_PUBLIC_STACK_API_URL', /is no secret of yours/],
    ['a variable that the entrypoint sets', 'STACK_SECRET_SERVER_KEY', /is no secret of yours/],
  ])('refuses %s', (_, variable, complaint) => {
    const folder = scratchWith('production');
    const run = command(folder, ['rotate', 'production', variable]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(complaint);
  });

  it.each([
    ['existing, name: given', 'CRON_SECRET', /Change the key CRON_SECRET of the Secret given[\s\S]*secrets\.revision/],
    [
      'external-secrets, store: { name: vault }, from: { prefix: auth- }',
      'CRON_SECRET',
      /store behind vault.*auth-CRON_SECRET[\s\S]*secrets\.revision/,
    ],
    [
      'external-secrets, store: { name: vault }, from: { prefix: a }, generators: { CRON_SECRET: { name: p } }',
      'CRON_SECRET',
      /kubectl delete secret hexclave-generated/,
    ],
    [
      'external-secrets, store: { name: vault }, from: { prefix: a }, refreshPolicy: CreatedOnce',
      'CRON_SECRET',
      /kubectl delete secret hexclave-secrets/,
    ],
  ])('in the mode %s tells how, and changes nothing', (mode, variable, advice) => {
    const folder = scratchWith('production');
    const before = text(folder);
    useMode(folder, mode);
    const run = command(folder, ['rotate', 'production', variable]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(advice);
    expect(run.stdout).toContain('What breaks');
    expect(text(folder)).toBe(before);
  });

  it('has the sealing among its steps in the modes that need it', () => {
    const folder = scratchWith('production');
    useMode(folder, 'sops');
    expect(rotate(folder, 'CRON_SECRET').stdout).toMatch(/1\. npx cdk8s-hexclave seal production\n {2}2\. .*synth/);
  });

  it('keeps the old file when the new one cannot be written', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    chmodSync(join(folder, 'environments/production'), 0o555);
    spawnSync('chown', ['-R', 'nobody', join(folder, 'environments')]);
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET'], { unprivileged: true });
    chmodSync(join(folder, 'environments/production'), 0o755);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('no permission');
    expect(text(folder)).toBe(before);
  });

  it('refuses to keep old secrets where git would track them', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    spawnSync('git', ['init', '--quiet'], { cwd: folder });
    writeFileSync(join(folder, '.gitignore'), '/environments/*/secrets.env\n');
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`Git would track ${FILE}.previous`);
    expect(text(folder)).toBe(before);
    writeFileSync(join(folder, '.gitignore'), readFileSync(join(root, '.gitignore'), 'utf8'));
    expect(command(folder, ['rotate', 'production', 'CRON_SECRET']).code).toBe(0);
  });

  it('keeps the old file when the new one cannot take its place', () => {
    const folder = scratchWith('production');
    const before = text(folder);
    mkdirSync(join(folder, `${FILE}.new`));
    expect(command(folder, ['rotate', 'production', 'CRON_SECRET']).code).toBe(1);
    expect(text(folder)).toBe(before);
    rmSync(join(folder, `${FILE}.new`), { recursive: true });
    expect(command(folder, ['rotate', 'production', 'CRON_SECRET']).code).toBe(0);
  });

  it('leaves the old or the new file whole, whenever it is killed', () => {
    const folder = scratchWith('production');
    const whole = values(text(folder));
    const began = performance.now();
    rotate(folder, 'CRON_SECRET');
    const span = performance.now() - began;
    for (let part = 0.5; part <= 1.05; part += 0.05) {
      const args = [join(root, 'cli/cdk8s-hexclave.cjs'), 'rotate', 'production', 'CRON_SECRET'];
      const old = values(text(folder));
      spawnSync(process.execPath, args, { cwd: folder, timeout: Math.round(span * part), killSignal: 'SIGKILL' });
      const now = values(text(folder));
      expect({ ...now, CRON_SECRET: '' }).toEqual({ ...whole, CRON_SECRET: '' });
      expect(now.CRON_SECRET).toMatch(/^[0-9a-f]{64}$/);
      if (now.CRON_SECRET !== old.CRON_SECRET) {
        expect(values(readFileSync(join(folder, `${FILE}.previous`), 'utf8'))).toEqual(old);
      }
    }
  });
});

it('has something to say about every secret variable a user may set', () => {
  for (const { name, secret, owner } of contract) {
    if (!secret || owner) continue;
    const { breaks, before = [], after = [] } = rotationOf(name);
    for (const sentence of [breaks, ...before, ...after]) expect(sentence, name).toMatch(/^[A-Z].*[.…'’]$/);
  }
});

function useMode(folder: string, mode: string): void {
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}secrets: { mode: ${mode} }\n`);
}

function rotate(folder: string, variable: string): CommandRun {
  const run = command(folder, ['rotate', 'production', variable]);
  if (run.code !== 0) throw new Error(run.stderr);
  return run;
}

function fromStdin(folder: string, variable: string, input: string): CommandRun {
  const args = [join(root, 'cli/cdk8s-hexclave.cjs'), 'rotate', 'production', variable, '--from-stdin'];
  const run = spawnSync(process.execPath, args, { cwd: folder, input, encoding: 'utf8' });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

function text(folder: string): string {
  return readFileSync(join(folder, FILE), 'utf8');
}

function values(content: string): Record<string, string> {
  return Object.fromEntries(parseEnvFile(content, FILE).entries.map(({ name, value }) => [name, value]));
}

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { madeUp } from '../support/cases';
import { type CommandRun, command, giveToUnprivileged, root, scratchWith } from '../support/cli';

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
      /the old password stays valid[\s\S]*2\. kubectl apply[\s\S]*3\. .*signed in with the old one, or by npx cdk8s-hexclave admin reset <name> --apply/,
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

  it('keeps the old values of every rotation, and says which file holds which', () => {
    const folder = scratchWith('production');
    const first = text(folder);
    rotate(folder, 'CRON_SECRET');
    const second = text(folder);
    rotate(folder, 'CRON_SECRET');
    const third = text(folder);
    const run = rotate(folder, 'STACK_SERVER_SECRET');
    expect(['', '.2', '.3'].map((ending) => readFileSync(join(folder, `${FILE}.previous${ending}`), 'utf8'))).toEqual([
      first,
      second,
      third,
    ]);
    expect(run.stdout).toMatch(/\.previous +before a new CRON_SECRET\n.*\.2 +before a new CRON_SECRET\n/);
    expect(run.stdout).toMatch(/\.previous\.3 +before a new STACK_SERVER_SECRET\n/);
    expect(run.stdout).toContain(`When all is well: rm ${FILE}.previous*`);
  });

  it('overwrites no old file, whatever has become of the others, and repeats none', () => {
    const folder = scratchWith('production');
    rotate(folder, 'CRON_SECRET');
    rotate(folder, 'CRON_SECRET');
    const second = readFileSync(join(folder, `${FILE}.previous.2`), 'utf8');
    rmSync(join(folder, `${FILE}.previous`));
    // As a run leaves it that is killed between keeping the old file and writing the new one.
    copyFileSync(join(folder, FILE), join(folder, `${FILE}.previous.3`));
    rotate(folder, 'CRON_SECRET');
    expect(readFileSync(join(folder, `${FILE}.previous.2`), 'utf8')).toBe(second);
    expect(readdirSync(join(folder, 'environments/production')).filter((file) => /previous/.test(file))).toEqual([
      'secrets.env.previous.2',
      'secrets.env.previous.3',
    ]);
  });

  it('refuses to keep the second old file where git would track it', { tags: 'needs-git' }, () => {
    const folder = scratchWith('production');
    rotate(folder, 'CRON_SECRET');
    const before = text(folder);
    spawnSync('git', ['init', '--quiet'], { cwd: folder });
    writeFileSync(join(folder, '.gitignore'), '/environments/*/secrets.env\n/environments/*/secrets.env.previous\n');
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`Git would track ${FILE}.previous.2`);
    expect(text(folder)).toBe(before);
  });

  it('makes a secrets.env of the new value alone where each value is sealed by itself', () => {
    const folder = scratchWith('production');
    useMode(folder, 'sealed-secrets');
    rmSync(join(folder, FILE));
    const run = rotate(folder, 'CRON_SECRET');
    expect(run.stdout).toContain('with CRON_SECRET alone; the other values stay sealed');
    expect(run.stdout).not.toContain('previous');
    expect(Object.keys(values(text(folder)))).toEqual(['CRON_SECRET']);
    expect(statSync(join(folder, FILE)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['env-file', /kubectl -n hexclave-production get secret/],
    ['sops', /sops decrypt environments\/production\/secrets\.sops\.yaml/],
  ])('says in the mode %s how to get a secrets.env back that is not there', (mode, way) => {
    const folder = scratchWith('production');
    useMode(folder, mode);
    rmSync(join(folder, FILE));
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(way);
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
    giveToUnprivileged(join(folder, 'environments'));
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET'], { unprivileged: true });
    chmodSync(join(folder, 'environments/production'), 0o755);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('no permission');
    expect(text(folder)).toBe(before);
  });

  it('refuses to keep old secrets where git would track them', { tags: 'needs-git' }, () => {
    const folder = scratchWith('production');
    const before = text(folder);
    spawnSync('git', ['init', '--quiet'], { cwd: folder });
    writeFileSync(join(folder, '.gitignore'), '/environments/*/secrets.env\n');
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`Git would track ${FILE}.previous`);
    expect(text(folder)).toBe(before);
    writeFileSync(join(folder, '.gitignore'), readFileSync(join(root, '.gitignore'), 'utf8'));
    for (let times = 0; times < 3; times++) rotate(folder, 'CRON_SECRET');
    const { stdout } = spawnSync('git', ['status', '--porcelain', '-uall'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).not.toContain('secrets.env');
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
        const kept = readdirSync(join(folder, 'environments/production')).filter((file) => /previous/.test(file));
        const texts = kept.map((file) => readFileSync(join(folder, 'environments/production', file), 'utf8'));
        expect(texts.map(values)).toContainEqual(old);
      }
    }
    rotate(folder, 'CRON_SECRET');
    expect(readdirSync(join(folder, 'environments/production')).filter((file) => /new|lock/.test(file))).toEqual([]);
  });
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

function text(folder: string): string {
  return readFileSync(join(folder, FILE), 'utf8');
}

function values(content: string): Record<string, string> {
  return Object.fromEntries(parseEnvFile(content, FILE).entries.map(({ name, value }) => [name, value]));
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { guideSecrets, madeUp } from '../support/cases';
import { type CommandRun, command, envFile, scratchWith } from '../support/cli';
import { tool, toolFolder } from '../support/tools';

const MIGRATION = 'MIGRATION_DATABASE_CONNECTION_STRING';
const migration = { [MIGRATION]: `postgresql://owner:${madeUp('owner', 32)}@db.acme.test:5432/stackframe` };
const secrets: Record<string, string> = { ...guideSecrets, ...migration };
const env = { PATH: `${toolFolder}:${process.env.PATH}` };

it('says so when sops is not installed, and writes nothing', () => {
  const folder = scratchWith('production');
  edit(folder, (yaml) => `${yaml}secrets: { mode: sops }\n`);
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['seal', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('The program sops is not installed');
  expect(existsSync(join(folder, MAIN))).toBe(false);
});

describe('seal with sops', { tags: ['needs-sops', 'needs-age'] }, () => {
  it('makes files that the real sops opens, before synthesis and after it', () => {
    const folder = sealed();
    expect(opened(folder, MAIN)).toEqual(guideSecrets);
    expect(opened(folder, OTHER)).toEqual(migration);
    synth(folder);
    expect(opened(folder, 'dist/production/12-secret-source.k8s.yaml')).toEqual(guideSecrets);
    expect(opened(folder, 'dist/production/13-migration-secret-source.k8s.yaml')).toEqual(migration);
  });

  it('encrypts data alone: kind, name and labels are for everyone to read', () => {
    const folder = sealed();
    synth(folder);
    const secret = parse(readFileSync(join(folder, 'dist/production/12-secret-source.k8s.yaml'), 'utf8'));
    expect(secret).toMatchObject({
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'hexclave-secrets', namespace: 'hexclave-production' },
      sops: { encrypted_regex: '^(data|stringData)$', mac_only_encrypted: true },
    });
    expect(Object.keys(secret.data).sort()).toEqual(Object.keys(guideSecrets).sort());
    for (const text of Object.values(secret.data)) expect(text).toMatch(/^ENC\[AES256_GCM,/);
  });

  it('survives a change of labels and namespace without anyone who can encrypt', () => {
    const folder = sealed();
    edit(folder, (yaml) => `${yaml.replace('hexclave-production', 'auth')}labels: { team: identity }\n`);
    synth(folder);
    expect(opened(folder, 'dist/production/12-secret-source.k8s.yaml')).toEqual(guideSecrets);
  });

  it('leaves a file in which nothing has changed as it is', () => {
    const folder = sealed();
    const [main, other] = [text(folder, MAIN), text(folder, OTHER)];
    expect(seal(folder).stdout).toContain('Nothing has changed');
    writeSecrets(folder, { ...secrets, CRON_SECRET: madeUp('another cron') });
    expect(seal(folder).stdout).toContain(`Wrote ${MAIN}\n`);
    expect(text(folder, OTHER)).toBe(other);
    expect(text(folder, MAIN)).not.toBe(main);
    expect(opened(folder, MAIN).CRON_SECRET).toBe(madeUp('another cron'));
  });

  it('tells new values from newly encrypted ones: only the former are a new release', () => {
    const folder = sealed();
    synth(folder);
    const before = text(folder, 'dist/production/40-server.k8s.yaml');
    seal(folder, '--all');
    synth(folder);
    expect(text(folder, 'dist/production/40-server.k8s.yaml')).toBe(before);
    writeSecrets(folder, { ...secrets, CRON_SECRET: madeUp('another cron') });
    seal(folder);
    synth(folder);
    expect(text(folder, 'dist/production/40-server.k8s.yaml')).not.toBe(before);
  });

  it('keeps up with sops itself: an edit rolls the pods, and seal does not undo it', () => {
    const folder = sealed();
    synth(folder);
    const before = text(folder, 'dist/production/40-server.k8s.yaml');
    const value = JSON.stringify(Buffer.from(madeUp('edited')).toString('base64'));
    tool('sops', ['set', '--value-stdin', MAIN, '["data"]["CRON_SECRET"]'], { ...options(folder), input: value });
    tool('sops', ['set', '--value-stdin', MAIN, '["data"]["AN_ADDED_PASSWORD"]'], { ...options(folder), input: value });
    synth(folder);
    expect(text(folder, 'dist/production/40-server.k8s.yaml')).not.toBe(before);
    expect(opened(folder, 'dist/production/12-secret-source.k8s.yaml')).toMatchObject({
      CRON_SECRET: madeUp('edited'),
      AN_ADDED_PASSWORD: madeUp('edited'),
    });
    writeSecrets(folder, { ...secrets, AN_ADDED_PASSWORD: madeUp('edited') });
    const refused = command(folder, ['seal', 'production'], { env });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/changed by something else than seal \(CRON_SECRET, AN_ADDED_PASSWORD\)/);
    expect(opened(folder, MAIN).CRON_SECRET).toBe(madeUp('edited'));
    expect(seal(folder, '--all').code).toBe(0);
    expect(opened(folder, MAIN).CRON_SECRET).toBe(guideSecrets.CRON_SECRET);
  });

  it('refuses to lose a value that only the encrypted file has', () => {
    const folder = sealed();
    const { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: _, ...rest } = secrets;
    writeSecrets(folder, rest);
    const before = text(folder, MAIN);
    const run = command(folder, ['seal', 'production'], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/holds STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD, and secrets\.env does not/);
    expect(text(folder, MAIN)).toBe(before);
    expect(seal(folder, '--prune').stdout).toContain('dropped: STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD');
    expect(Object.keys(opened(folder, MAIN))).not.toContain('STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD');
  });

  it.each([
    ['unencrypted_regex: SERVER_SECRET', /cannot use more than one|not encrypt every value/],
    ['unencrypted_suffix: _SECRET', /cannot use more than one|not encrypt every value/],
  ])('writes nothing when .sops.yaml would leave a value in clear: %s', (rule, complaint) => {
    const folder = project();
    writeFileSync(join(folder, '.sops.yaml'), `${text(folder, '.sops.yaml')}    ${rule}\n`);
    const run = command(folder, ['seal', 'production'], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(complaint);
    expect(existsSync(join(folder, MAIN))).toBe(false);
  });

  it('hands on what sops says about a missing rule', () => {
    const folder = project();
    writeFileSync(join(folder, '.sops.yaml'), 'creation_rules:\n  - path_regex: another\\.yaml$\n    age: age1\n');
    const run = command(folder, ['seal', 'production'], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/sops ended with 1: .*no matching creation rules/);
  });

  it.each([
    ['a value in clear', (yaml: string) => yaml.replace(/CRON_SECRET: .*/, 'CRON_SECRET: cGxhaW4='), 'sops-plaintext'],
    ['a checksum over the metadata', (yaml: string) => yaml.replace(/ *mac_only_encrypted: true\n/, ''), 'sops-mac'],
    ['stringData', (yaml: string) => yaml.replace(/^data:/m, 'stringData: { A: b }\ndata:'), 'sops-file-invalid'],
    ['nothing that sops has encrypted', () => 'kind: ConfigMap\n', 'sops-file-invalid'],
    ['no YAML', () => 'kind: [', 'sops-file-invalid'],
    [
      'another spelling of a variable',
      (yaml: string) => yaml.replace('  CRON_SECRET:', '  STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY:'),
      'sops-file-invalid',
    ],
  ])('is held against a file with %s', (_, change, rule) => {
    const folder = sealed();
    writeFileSync(join(folder, MAIN), change(text(folder, MAIN)));
    const run = command(folder, ['check', 'production']);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`[${rule}]`);
  });
});

const MAIN = 'environments/production/secrets.sops.yaml';
const OTHER = 'environments/production/migration-database.sops.yaml';

/** A project whose production is to be encrypted for a key of the test's own. */
function project(): string {
  const folder = scratchWith('production');
  edit(folder, (yaml) => `${yaml}secrets: { mode: sops }\n`);
  writeSecrets(folder, secrets);
  tool('age-keygen', ['-o', 'age.txt'], { cwd: folder });
  const recipient = tool('age-keygen', ['-y', 'age.txt'], { cwd: folder }).trim();
  writeFileSync(
    join(folder, '.sops.yaml'),
    `creation_rules:\n  - path_regex: \\.sops\\.yaml$\n    age: ${recipient}\n`,
  );
  return folder;
}

function sealed(): string {
  const folder = project();
  seal(folder);
  return folder;
}

function edit(folder: string, change: (yaml: string) => string): void {
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function writeSecrets(folder: string, values: Record<string, string>): void {
  writeFileSync(join(folder, 'environments/production/secrets.env'), envFile(values));
}

function text(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function seal(folder: string, ...more: string[]): CommandRun {
  const run = command(folder, ['seal', 'production', ...more], { env });
  if (run.code !== 0) throw new Error(run.stderr);
  return run;
}

function synth(folder: string): void {
  const run = command(folder, ['synth', 'production']);
  if (run.code !== 0) throw new Error(run.stderr);
}

function options(folder: string) {
  return { cwd: folder, env: { ...process.env, SOPS_AGE_KEY_FILE: join(folder, 'age.txt') } };
}

/** What the real sops decrypts a file to. */
function opened(folder: string, file: string): Record<string, string> {
  const { data } = parse(tool('sops', ['decrypt', file], options(folder)));
  return Object.fromEntries(
    Object.entries<string>(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
  );
}

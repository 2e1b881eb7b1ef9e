import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { madeUp } from '../support/cases';
import { command, contents, root, scratch } from '../support/cli';
import { objectsOf } from '../support/objects';

/** A folder as a fresh clone has it: the environments that git holds, and none of their secrets. */
function clone(): string {
  const folder = scratch();
  for (const name of ['evaluation', 'production']) {
    mkdirSync(join(folder, 'environments', name), { recursive: true });
    for (const file of ['environment.yaml', 'config.env']) {
      cpSync(join(root, 'environments', name, file), join(folder, 'environments', name, file));
    }
  }
  return folder;
}

const secretsFile = (folder: string) => join(folder, 'environments', 'evaluation', 'secrets.env');
const secrets = (folder: string) =>
  parseEnvFile(readFileSync(secretsFile(folder)), 'secrets.env').entries.map(({ name, value }) => [name, value]);

describe('quickstart on a fresh clone', () => {
  it('makes secrets for the owner alone, and manifests that use them', () => {
    const folder = clone();
    expect(command(folder, ['quickstart'])).toMatchObject({ code: 0 });
    expect(statSync(secretsFile(folder)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'dist'))).toEqual(['evaluation']);
    const made = new Map(secrets(folder) as [string, string][]);
    expect(new Set(made.values()).size, 'no secret twice').toBe(made.size);
    const emitted = objectsOf(
      new Map([['11', readFileSync(join(folder, 'dist/evaluation/11-secret.k8s.yaml'), 'utf8')]]),
    )[0]!.object.data;
    for (const [name, value] of made) expect(Buffer.from(emitted[name], 'base64').toString(), name).toBe(value);
    for (const name of ['STACK_DATABASE_CONNECTION_STRING', 'STACK_SVIX_API_KEY']) expect(emitted).toHaveProperty(name);
  });

  it('says what is for evaluation, what to type next and who signs in, and no secret', () => {
    const folder = clone();
    const { stdout, stderr } = command(folder, ['quickstart']);
    expect(stdout).toContain('For evaluation only');
    for (const line of [
      'kubectl apply --server-side --force-conflicts -f dist/evaluation',
      'wait --for=condition=Available',
      'port-forward deployment/hexclave-server 8101 8102',
      'sign in as admin@hexclave.test',
      'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD | base64decode',
    ]) {
      expect(stdout).toContain(line);
    }
    for (const [name, value] of secrets(folder)) expect(stdout + stderr, name).not.toContain(value);
  });

  it('names objects that are in the manifests', () => {
    const folder = clone();
    const { stdout } = command(folder, ['quickstart']);
    const files = readdirSync(join(folder, 'dist/evaluation'));
    const texts = files.map((file) => [file, readFileSync(join(folder, 'dist/evaluation', file), 'utf8')] as const);
    const ids = objectsOf(new Map(texts)).map(
      ({ object }) => `${object.kind.toLowerCase()}/${object.metadata.name}` as string,
    );
    const named = [...stdout.matchAll(/(?:deployment|statefulset)\/[\w-]+/g)].map(([id]) => id);
    expect(named.length).toBeGreaterThan(4);
    for (const id of named) expect(ids).toContain(id);
    for (const [, name] of stdout.matchAll(/-n ([\w-]+)/g)) expect(ids).toContain(`namespace/${name}`);
  });
});

describe('quickstart once more', () => {
  it('changes no byte of the secrets and of the manifests', () => {
    const folder = clone();
    command(folder, ['quickstart']);
    cpSync(join(folder, 'dist'), join(folder, 'before'), { recursive: true });
    const before = readFileSync(secretsFile(folder));
    const again = command(folder, ['quickstart']);
    expect(again.code).toBe(0);
    expect(again.stderr).not.toContain('Made');
    expect(readFileSync(secretsFile(folder))).toEqual(before);
    expect(readdirSync(join(folder, 'dist'))).toEqual(['evaluation']);
    expect(contents(join(folder, 'dist/evaluation'))).toEqual(contents(join(folder, 'before/evaluation')));
  });

  it('adds what is missing and leaves the rest as it is, comments and line ends included', () => {
    const folder = clone();
    const own = `# mine\nSTACK_FREESTYLE_API_KEY=${madeUp('renderer')}\n\nCRON_SECRET=${madeUp('cron')}`;
    writeFileSync(secretsFile(folder), own);
    const { code, stderr } = command(folder, ['quickstart']);
    expect(code).toBe(0);
    expect(readFileSync(secretsFile(folder), 'utf8').startsWith(`${own}\n`)).toBe(true);
    expect(stderr).toContain('STACK_SERVER_SECRET');
    expect(stderr).not.toContain('CRON_SECRET,');
    expect(existsSync(`${secretsFile(folder)}.new`)).toBe(false);
  });
});

describe('an evaluation without secrets', () => {
  it('is left out of a run over all environments, which says so', () => {
    const folder = clone();
    for (const args of [['synth'], ['check']]) {
      const { code, stderr } = command(folder, args);
      expect(code).toBe(0);
      expect(stderr).toContain('evaluation is left out');
      expect(stderr).toContain('npx cdk8s-hexclave quickstart');
    }
    expect(readdirSync(join(folder, 'dist'))).toEqual(['production']);
  });

  it('is part of it once it has them', () => {
    const folder = clone();
    command(folder, ['quickstart']);
    expect(command(folder, ['synth']).stdout).toMatch(/^evaluation: .*\nproduction: /);
  });

  it('is an error when it is asked for by name, or when there is nothing else', () => {
    const folder = clone();
    const named = command(folder, ['check', 'evaluation']);
    expect(named).toMatchObject({ code: 1 });
    expect(named.stdout).toContain('[evaluation-unmade]');
    rmSync(join(folder, 'environments', 'production'), { recursive: true });
    expect(command(folder, ['synth'])).toMatchObject({ code: 1 });
  });
});

it('a missing file of the evaluation is said to be missing, with the way to get it back', () => {
  const folder = clone();
  rmSync(join(folder, 'environments', 'evaluation', 'config.env'));
  const { code, stderr } = command(folder, ['quickstart']);
  expect(code).toBe(1);
  expect(stderr).toContain('git checkout environments/evaluation');
  expect(existsSync(secretsFile(folder))).toBe(false);
});

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

const yamlOf = (folder: string, name: string) => join(folder, 'environments', name, 'environment.yaml');
/** Takes the namespace that init writes, if it does, out of a file, and puts this in its place. */
function setNamespace(folder: string, name: string, namespace: string): void {
  const text = readFileSync(yamlOf(folder, name), 'utf8').replace(/^namespace:.*\n( .*\n)*/m, '');
  writeFileSync(yamlOf(folder, name), `${text}${namespace}`);
}

function twoInOne(): string {
  const folder = scratchWith('production', 'staging');
  setNamespace(folder, 'production', 'namespace:\n  name: auth\n');
  setNamespace(folder, 'staging', 'namespace: { name: auth }\n');
  return folder;
}

const lineIn = (folder: string, name: string) =>
  readFileSync(yamlOf(folder, name), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes('name: auth')) + 1;

describe('two environments with one namespace', () => {
  it('are a warning at both, and each names the line of the other', () => {
    const folder = twoInOne();
    const run = command(folder, ['check']);
    expect(run.code).toBe(0);
    for (const [one, other] of [['production', 'staging'] as const, ['staging', 'production'] as const]) {
      expect(run.stdout).toMatch(
        new RegExp(
          `^warning {2}environments/${one}/environment.yaml:${lineIn(folder, one)} {2}namespace.name {2}The environment ${other} .*` +
            `\\(environments/${other}/environment.yaml:${lineIn(folder, other)}\\)`,
          'm',
        ),
      );
    }
  });

  it('are a warning also when only one of them is asked for, for they may be meant for two clusters', () => {
    const folder = twoInOne();
    for (const args of [['check', 'staging'], ['synth', 'staging'], ['synth']]) {
      const run = command(folder, args);
      expect(run.code).toBe(0);
      expect(run.stdout + run.stderr).toContain('[namespace-shared]');
    }
    expect(existsSync(join(folder, 'dist'))).toBe(true);
  });

  it('are seen by the cdk8s app as well', () => {
    const folder = twoInOne();
    const run = command(folder, ['app'], { env: { CDK8S_OUTDIR: 'dist' } });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('[namespace-shared]');
  });

  it('are found when one has it by default', () => {
    const folder = scratchWith('production', 'staging');
    setNamespace(folder, 'production', '');
    setNamespace(folder, 'staging', 'namespace: { name: hexclave-production }\n');
    expect(command(folder, ['check', 'production']).stdout).toContain('[namespace-shared]');
    expect(command(folder, ['check', 'staging']).stdout).toContain('(environments/production/environment.yaml)');
  });

  it('are found whatever else is wrong with the other one', () => {
    const folder = twoInOne();
    writeFileSync(yamlOf(folder, 'staging'), 'imaeg: {}\nnamespace: &n { name: auth }\n');
    rmSync(join(folder, 'environments', 'staging', 'secrets.env'));
    const run = command(folder, ['check', 'production']);
    expect(run.stdout).toContain('(environments/staging/environment.yaml:2)');
    expect(run.stdout).not.toContain('imaeg');
  });

  it('are two with a namespace each once it is mended', () => {
    const folder = twoInOne();
    setNamespace(folder, 'staging', 'namespace: { name: auth-staging }\n');
    expect(command(folder, ['check']).code).toBe(0);
  });
});

describe('another environment whose file cannot be read', () => {
  it.each(['namespace: { name: auth', 'namespace: *auth', 'namespace: { name: 5 }', 'auth', ''])(
    'is not the problem of this one: %j',
    (text) => {
      const folder = twoInOne();
      writeFileSync(yamlOf(folder, 'staging'), text);
      expect(command(folder, ['check', 'production'])).toMatchObject({ code: 0, stderr: '' });
      expect(command(folder, ['check', 'staging']).code).toBe(1);
    },
  );
});

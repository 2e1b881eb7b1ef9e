import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratch, scratchWith } from '../support/cli';

describe('check', () => {
  it('ends with 0 when there are warnings only', () => {
    const folder = scratchWith('production');
    const run = command(folder, ['check', 'production']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^warning {2}environments\/production\//m);
    expect(run.stdout).not.toMatch(/^error/m);
  });

  it.each([
    ['whose generation is known', '53c1c9e', 0],
    ['that was run', '2f71990', 0],
    ['that was run, written out', '2f719903bd3e6f0c6d3d6d9ae2ac5f0a4d0b8a11', 0],
    ['of another commit', '9a8b7c6', 1],
    ['that is no commit', 'v2.8.1', 1],
  ])('says once of an image %s whether these manifests were run with it, and synth says nothing', (_, tag, times) => {
    const folder = scratchWith('production');
    const file = join(folder, 'environments', 'production', 'environment.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/tag: \S+/, `tag: '${tag}'`));
    const run = command(folder, ['check', 'production']);
    expect(run.code).toBe(0);
    expect(run.stdout.match(/\[image-not-tried\]/g) ?? []).toHaveLength(times);
    expect(
      run.stdout.match(/environment\.yaml:\d+ {2}image\.tag .*were not run.* 2f71990 \(generation A\)/g) ?? [],
    ).toHaveLength(times);
    const { stdout, stderr } = command(folder, ['synth', 'production']);
    expect(stdout + stderr).not.toContain('image-not-tried');
  });

  it('ends with 1 on an error, which has its place, what is wrong, the way out and the rule', () => {
    const folder = scratchWith('production');
    breakUrl(folder, 'production');
    const run = command(folder, ['check', 'production']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^error {4}environments\/production\/config\.env:\d+ {2}NEXT_PUBLIC_STACK_API_URL {2}\S.*\n {9}\S.* \[[a-z-]+\]$/m,
    );
    expect(run.stdout).toMatch(/\n\n1 error, \d+ warnings\n$/);
  });

  it('looks at all environments without a name, and shows everything at once', () => {
    const folder = scratchWith('production', 'staging');
    breakUrl(folder, 'production');
    breakUrl(folder, 'staging');
    const run = command(folder, ['check']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^error {4}environments\/production\/config\.env/m);
    expect(run.stdout).toMatch(/^error {4}environments\/staging\/config\.env/m);
    expect(command(folder, ['check', 'staging']).stdout).not.toContain('environments/production');
  });

  it('prints findings for programs as JSON, and nothing else', () => {
    const folder = scratchWith('production', 'staging');
    breakUrl(folder, 'staging');
    const run = command(folder, ['check', '--format', 'json']);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    const { findings, environments } = JSON.parse(run.stdout);
    expect(environments).toEqual([
      { name: 'production', valid: true },
      { name: 'staging', valid: false },
    ]);
    const errors = findings.filter((finding: { severity: string }) => finding.severity === 'error');
    expect(errors).toEqual([
      {
        severity: 'error',
        rule: expect.stringMatching(/^[a-z-]+$/),
        file: 'environments/staging/config.env',
        line: expect.any(Number),
        field: 'NEXT_PUBLIC_STACK_API_URL',
        message: expect.any(String),
        fix: expect.any(String),
      },
    ]);
  });

  it.each([
    ['an unknown environment, with the nearest name', ['check', 'prodution'], 'Did you mean production?'],
    ['an environment far from any, with all names', ['check', 'qa'], 'There are: production, staging.'],
    ['a path', ['check', '../production'], 'There is no environment "../production"'],
    ['an unknown format', ['check', '--format', 'xml'], 'Allowed choices are text, json'],
    ['an unknown command, with the nearest', ['chekc'], 'Did you mean check?'],
    ['no command at all', [], 'Usage: cdk8s-hexclave'],
  ])('ends with 2 on wrong usage: %s', (_, args, message) => {
    const run = command(scratchWith('production', 'staging'), args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  it('ends with 2 where there are no environments, and says how to make one', () => {
    const folder = scratch();
    expect(command(folder, ['check'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/There is no environments\/ here\n.*init <name>/),
    });
    mkdirSync(join(folder, 'environments'));
    expect(command(folder, ['check'])).toMatchObject({ code: 2, stderr: expect.stringContaining('no environment') });
  });

  it.each(['environment.yaml', 'config.env', 'secrets.env'])(
    'reports a %s that cannot be read as a finding',
    (file) => {
      const folder = scratchWith('production');
      const path = join(folder, 'environments', 'production', file);
      rmSync(path);
      const missing = command(folder, ['check', 'production']);
      expect(missing.code).toBe(1);
      expect(missing.stdout).toMatch(new RegExp(`^error {4}environments/production/${file} `, 'm'));
      mkdirSync(path);
      const directory = command(folder, ['check', 'production']);
      expect(directory.code).toBe(1);
      expect(directory.stdout).toMatch(new RegExp(`^error {4}environments/production/${file} `, 'm'));
      for (const run of [missing, directory]) expect(run.stdout + run.stderr).not.toMatch(/^\s+at /m);
    },
  );

  it.each([
    ['sealed-secrets', 'secrets.sealed.yaml'],
    ['sops', 'secrets.sops.yaml'],
  ])('reports a folder in the place of an encrypted file by its name: %s', (mode, file) => {
    const folder = scratchWith('production');
    const environment = join(folder, 'environments', 'production');
    const yaml = readFileSync(join(environment, 'environment.yaml'), 'utf8');
    writeFileSync(join(environment, 'environment.yaml'), `${yaml}secrets: { mode: ${mode} }\n`);
    mkdirSync(join(environment, file));
    const run = command(folder, ['check']);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toContain(
      `error    environments/production/${file}  ${file}  The file cannot be read: it is a folder, a file is needed.`,
    );
  });

  it('reports files that it may not read as findings', () => {
    const folder = scratchWith('production');
    chmodSync(join(folder, 'environments', 'production', 'secrets.env'), 0);
    const run = command(folder, ['check', 'production'], { unprivileged: true });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^error {4}environments\/production\/secrets\.env .*The file cannot be read: no permission\./m,
    );
    expect(run.stderr).toBe('');
  });
});

describe('colour', () => {
  it('stays out of pipes and files', () => {
    const folder = scratchWith('production');
    expect(command(folder, ['check'], { env: { TERM: 'xterm-256color' } }).stdout).not.toContain('\x1b');
  });
});

describe('help', () => {
  it.each([['--help'], ['init', '--help'], ['check', '--help'], ['synth', '--help']])(
    'has examples: %s %s',
    (...args) => {
      const run = command(
        scratch(),
        args.filter((word) => word),
      );
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toMatch(/^Examples:\n {2}npx cdk8s-hexclave /m);
    },
  );

  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../cli/package.json', import.meta.url), 'utf8'));
    expect(command(scratch(), ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

function breakUrl(folder: string, name: string): void {
  const file = join(folder, 'environments', name, 'config.env');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^NEXT_PUBLIC_STACK_API_URL=.*$/m, 'NEXT_PUBLIC_STACK_API_URL=auth.acme.test'));
}

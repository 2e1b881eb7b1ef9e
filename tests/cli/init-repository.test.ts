import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { command, root, scratch } from '../support/cli';

describe('init in an empty folder', () => {
  it('makes what the repository needs beside the environment', () => {
    const folder = scratch();
    const run = command(folder, ['init', 'production']);
    expect(run.code).toBe(0);
    const made = ['.gitignore', 'cdk8s.yaml', 'environment.schema.json', 'environments'];
    expect(readdirSync(folder).sort()).toEqual(made);
    expect(run.stdout).toContain('.gitignore, cdk8s.yaml');
  });

  it('leads editors to a schema that is there', () => {
    const folder = scratch();
    command(folder, ['init', 'production']);
    expect(readFileSync(schemaOf(folder), 'utf8')).toBe(committedSchema);
  });

  it('brings the copy of the schema up to date with the next environment', () => {
    const folder = scratch();
    command(folder, ['init', 'production']);
    writeFileSync(join(folder, 'environment.schema.json'), '{}');
    command(folder, ['init', 'staging']);
    expect(readFileSync(schemaOf(folder, 'staging'), 'utf8')).toBe(committedSchema);
  });

  it('takes the schema of the package where that is a dependency', () => {
    const folder = scratch();
    const packaged = join(folder, 'node_modules/cdk8s-hexclave/config/environment.schema.json');
    mkdirSync(dirname(packaged), { recursive: true });
    writeFileSync(packaged, committedSchema);
    command(folder, ['init', 'production']);
    expect(schemaOf(folder)).toBe(packaged);
    expect(existsSync(join(folder, 'environment.schema.json'))).toBe(false);
  });

  it.each([[[]], [['--project']]])('keeps what is secret out of git: %s', { tags: 'needs-git' }, (flags) => {
    const folder = scratch();
    execFileSync('git', ['init', '--quiet', folder]);
    expect(command(folder, ['init', 'production', ...flags])).toMatchObject({ code: 0 });
    const secret = ['environments/production/secrets.env', 'environments/production/secrets.env.previous-1'];
    for (const file of [
      ...secret,
      flags.length > 0 ? 'dist/production.k8s.yaml' : 'dist/production/11-secret.k8s.yaml',
    ])
      expect(execFileSync('git', ['check-ignore', file], { cwd: folder, encoding: 'utf8' }).trim()).toBe(file);
  });

  it('leaves files alone that are there', () => {
    const folder = scratch();
    for (const file of ['.gitignore', 'cdk8s.yaml']) writeFileSync(join(folder, file), '# mine\n');
    expect(command(folder, ['init', 'production'])).toMatchObject({ code: 0 });
    for (const file of ['.gitignore', 'cdk8s.yaml']) expect(readFileSync(join(folder, file), 'utf8')).toBe('# mine\n');
  });
});

describe('init --project', () => {
  it('makes an app with the versions that this project is tested with', () => {
    const folder = scratch();
    expect(command(folder, ['init', 'production', '--project'])).toMatchObject({ code: 0 });
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { 'cdk8s-hexclave': own, ...others } = { ...dependencies, ...devDependencies };
    expect(own).toBe(JSON.parse(readFileSync(join(root, 'cli/package.json'), 'utf8')).version);
    expect({ ...manifest.dependencies, ...manifest.devDependencies }).toMatchObject(others);
  });

  it.each(['package.json', 'tsconfig.json', 'main.ts'])('makes nothing where %s is there', (file) => {
    const folder = scratch();
    writeFileSync(join(folder, file), '');
    const run = command(folder, ['init', 'production', '--project']);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file} is there already`) });
    expect(readdirSync(folder)).toEqual([file]);
    rmSync(join(folder, file));
  });
});

const committedSchema = readFileSync(join(root, 'config/environment.schema.json'), 'utf8');

/** Where the first line of environment.yaml leads. */
function schemaOf(folder: string, name = 'production'): string {
  const home = join(folder, 'environments', name);
  const [, path] = /^# yaml-language-server: \$schema=(.*)$/m.exec(
    readFileSync(join(home, 'environment.yaml'), 'utf8'),
  )!;
  return join(home, path!);
}

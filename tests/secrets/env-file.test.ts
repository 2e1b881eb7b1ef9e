import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

const SECRET = 'dist/production/11-secret.k8s.yaml';

describe('the file with the Secret', () => {
  it('is not written where git would track it, by neither way of synthesis', () => {
    const folder = repository('');
    for (const args of [['synth'], ['synth', '--output', 'dist'], ['app']]) {
      const run = command(folder, args);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain(`Git would track ${SECRET}`);
      expect(existsSync(join(folder, 'dist'))).toBe(false);
    }
  });

  it('is written, for its owner alone, where git ignores it', () => {
    const folder = repository('/dist/*/11-secret.k8s.yaml\n');
    expect(command(folder, ['synth']).code).toBe(0);
    expect(statSync(join(folder, SECRET)).mode & 0o777).toBe(0o600);
  });

  it('is not written where a rule ignores it and it is tracked all the same', () => {
    const folder = repository('/dist/*/11-secret.k8s.yaml\n');
    mkdirSync(join(folder, 'dist/production'), { recursive: true });
    writeFileSync(join(folder, SECRET), 'an old one\n');
    git(folder, 'add', '--force', SECRET);
    const run = command(folder, ['synth']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('git rm --cached');
  });

  it('is written outside of a repository', () => {
    const folder = scratchWith('production');
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
  });

  it('is judged by the repository it would be in, not by the one the command runs in', () => {
    const folder = repository('/dist/*/11-secret.k8s.yaml\n');
    mkdirSync(join(folder, 'elsewhere'));
    git(join(folder, 'elsewhere'), 'init', '--quiet');
    const run = command(folder, ['synth', '--output', 'elsewhere/manifests']);
    expect(run.stderr).toContain('Git would track elsewhere/manifests/production/11-secret.k8s.yaml');
    rmSync(join(folder, 'elsewhere/.git'), { recursive: true });
    expect(command(folder, ['synth', '--output', 'elsewhere/manifests']).code).toBe(1);
  });

  it('is written with a word of warning where there is a repository and no git', () => {
    const folder = repository('');
    mkdirSync(join(folder, 'empty'));
    const run = command(folder, ['synth'], { env: { PATH: join(folder, 'empty') } });
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('git is not installed here');
  });

  it('is not there in any other mode, so nothing has to be ignored', () => {
    const folder = repository('');
    writeFileSync(
      join(folder, 'environments/production/environment.yaml'),
      'image: { tag: 53c1c9e }\nedge: { type: none }\nsecrets: { mode: existing, name: given }\n',
    );
    expect(command(folder, ['synth']).code).toBe(0);
    expect(existsSync(join(folder, SECRET))).toBe(false);
  });
});

function repository(ignore: string): string {
  const folder = scratchWith('production');
  git(folder, 'init', '--quiet');
  writeFileSync(join(folder, '.gitignore'), ignore);
  return folder;
}

function git(folder: string, ...args: string[]): void {
  const run = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
}

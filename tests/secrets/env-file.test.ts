/** @module-tag needs-git */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  it('is judged by the repository that a link leads to, where it would lie', () => {
    const folder = repository('/dist/*/11-secret.k8s.yaml\n');
    mkdirSync(join(folder, 'other/manifests'), { recursive: true });
    git(join(folder, 'other'), 'init', '--quiet');
    mkdirSync(join(folder, 'dist'));
    symlinkSync('../other/manifests', join(folder, 'dist/production'));
    const run = command(folder, ['synth']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(
      /Git would track dist\/production\/11-secret.*\n.* 11-secret\.k8s\.yaml to other\/\.gitignore/,
    );
    expect(readdirSync(join(folder, 'other/manifests'))).toEqual([]);
    writeFileSync(join(folder, 'other/.gitignore'), '11-secret.k8s.yaml\n');
    expect(command(folder, ['synth']).code).toBe(0);
    expect(existsSync(join(folder, 'other/manifests/11-secret.k8s.yaml'))).toBe(true);
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
      `${BASE}secrets: { mode: existing, name: given }\n`,
    );
    expect(command(folder, ['synth']).code).toBe(0);
    expect(existsSync(join(folder, SECRET))).toBe(false);
  });
});

describe('secrets.env', () => {
  const FILE = 'environments/production/secrets.env';

  it.each([[[]], [['--from', 'hexclave.env']]])(
    'is not made where git would track it, and the line that mends it is said: init %j',
    (options) => {
      const folder = scratchWith();
      git(folder, 'init', '--quiet');
      // Where there is none, init makes one (tests/cli/init-repository.test.ts).
      writeFileSync(join(folder, '.gitignore'), 'node_modules/\n');
      const run = command(folder, ['init', 'production', ...options]);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/Git would track \S+secrets\.env.*\n.*Add the line secrets\.env\* to \.gitignore/);
      expect(existsSync(join(folder, 'environments'))).toBe(false);
      writeFileSync(join(folder, '.gitignore'), 'secrets.env*\n');
      expect(command(folder, ['init', 'production', ...options]).code).toBe(0);
      for (const file of [FILE, `${FILE}.previous`]) git(folder, 'check-ignore', '--quiet', file);
    },
  );

  it('is not changed where it is a link to a file that another repository tracks', () => {
    const folder = repository('secrets.env*\n');
    mkdirSync(join(folder, 'vault'));
    git(join(folder, 'vault'), 'init', '--quiet');
    renameSync(join(folder, FILE), join(folder, 'vault/production.env'));
    symlinkSync('../../vault/production.env', join(folder, FILE));
    const run = command(folder, ['rotate', 'production', 'CRON_SECRET']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Add the line production.env to vault/.gitignore');
  });

  it('that git knows is a warning of the check in every mode, and so are the old values', () => {
    const folder = repository('');
    writeFileSync(join(folder, `${FILE}.previous`), '');
    git(folder, 'add', '.');
    for (const mode of ['', 'secrets: { mode: existing, name: given }\n']) {
      writeFileSync(join(folder, 'environments/production/environment.yaml'), BASE + mode);
      const run = command(folder, ['check']);
      expect(run.code).toBe(0);
      expect(run.stdout.match(/^warning .*Git knows this file/gm)).toHaveLength(2);
      expect(run.stdout).toContain(`git rm --cached ${FILE},`);
      expect(run.stdout).toContain('[secrets-file-tracked]');
    }
  });

  it('that git does not know is none, ignored or not', () => {
    for (const ignore of ['', 'secrets.env*\n'])
      expect(command(repository(ignore), ['check']).stdout).not.toContain('secrets-file-tracked');
  });

  it('is asked about only where there is a repository and such a file', () => {
    const asked = (folder: string) => {
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin/git'), `#!/bin/sh\necho "$@" >> ${folder}/asked\n`, { mode: 0o755 });
      const run = command(folder, ['check'], { env: { PATH: `${folder}/bin:${process.env.PATH}` } });
      expect(run.code).toBe(0);
      // Git is asked for the last commit's image.tag, too.
      const calls = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : '';
      return calls.includes('ls-files');
    };
    expect(asked(repository(''))).toBe(true);
    expect(asked(scratchWith('production'))).toBe(false);
    const without = repository('');
    writeFileSync(
      join(without, 'environments/production/environment.yaml'),
      `${BASE}secrets: { mode: existing, name: given }\n`,
    );
    rmSync(join(without, FILE));
    expect(asked(without)).toBe(false);
  });
});

const BASE = 'image: { tag: 53c1c9e }\nedge: { type: none }\n';

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

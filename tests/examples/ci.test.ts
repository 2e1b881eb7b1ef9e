import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command, edit, root, scratchWith } from '../support/cli';

/** A step that is a script, by its name, with what the CI system passes to it. */
interface Steps {
  readonly check: (folder: string, base: string) => Run;
  readonly publish: (folder: string, repository: string) => Run;
}

interface Run {
  readonly code: number;
  readonly output: string;
}

const text = (file: string) => parse(readFileSync(join(root, 'examples', 'ci', file), 'utf8'));

/** Runs scripts one after another, as both CI systems do: bash that ends at the first failure. */
function bash(folder: string, scripts: readonly string[], env: Record<string, string>): Run {
  let output = '';
  for (const script of scripts) {
    const run = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env },
      encoding: 'utf8',
    });
    output += run.stdout + run.stderr;
    if (run.status !== 0) return { code: run.status ?? 128, output };
  }
  return { code: 0, output };
}

const github: Steps = (() => {
  const { jobs } = text('github-actions.yaml');
  const script = (job: string, ...names: string[]): string[] =>
    names.map((name) => jobs[job].steps.find((step: { name?: string }) => step.name === name).run);
  const check = script('check', 'Synthesize', 'Fail if dist/ is stale', 'Write the difference');
  const publish = script('publish', 'Copy dist/ to the repository that the controllers read');
  return {
    check: (folder, base) => bash(folder, check, { BASE: base }),
    publish: (folder, REPOSITORY) =>
      bash(folder, publish, { REPOSITORY, TOKEN: '', GITHUB_REPOSITORY: 'acme/auth', GITHUB_SHA: 'abc' }),
  };
})();

const gitlab: Steps = (() => {
  const { check, publish } = text('gitlab.yaml');
  return {
    check: (folder, base) => bash(folder, check.script, { CI_MERGE_REQUEST_DIFF_BASE_SHA: `origin/${base}` }),
    publish: (folder, MANIFESTS_REPOSITORY) =>
      bash(folder, publish.script, { MANIFESTS_REPOSITORY, CI_PROJECT_PATH: 'acme/auth', CI_COMMIT_SHA: 'abc' }),
  };
})();

describe.each([
  ['github-actions.yaml', github],
  ['gitlab.yaml', gitlab],
])('examples/ci/%s', { tags: ['needs-bash', 'needs-git'] }, (_, steps) => {
  let folder: string;
  const git = (...args: string[]) => {
    const run = spawnSync('git', ['-c', 'user.name=A user', '-c', 'user.email=user@acme.test', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.stderr}`);
    return run.stdout;
  };
  const commit = (message: string) => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };

  beforeEach(() => {
    folder = scratchWith('production');
    const synth = `node ${join(root, 'cli', 'cdk8s-hexclave.cjs')} synth`;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts: { synth } }));
    writeFileSync(
      join(folder, '.gitignore'),
      readFileSync(join(root, '.gitignore'), 'utf8').concat(
        '/hexclave.env\n/.npm/\n/.gitconfig\n/manifests*\n/comment.md\n',
      ),
    );
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    git('init', '--quiet', '--initial-branch=main');
    commit('The first one');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  });

  it('takes a dist/ that is what environments/ says, and shows what it changes', () => {
    edit(folder, 'production', /auth-api\.acme\.test/, 'api.acme.test');
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    commit('Another host');
    expect(steps.check(folder, 'main')).toMatchObject({ code: 0 });
    const comment = readFileSync(join(folder, 'comment.md'), 'utf8');
    expect(comment).toContain('dist/production/60-edge.k8s.yaml');
    expect(comment).toMatch(/^\+.*api\.acme\.test/m);
    expect(comment).not.toContain('11-secret');
  });

  it('fails on a dist/ that is stale', () => {
    edit(folder, 'production', /auth-api\.acme\.test/, 'api.acme.test');
    commit('Another host, and dist/ forgotten');
    const run = steps.check(folder, 'main');
    expect(run.code).toBe(1);
    expect(run.output).toContain('dist/production/60-edge.k8s.yaml');
    expect(run.output).toContain('Run npm run synth and commit dist/.');
  });

  it('fails on an environment with an error, and says which', () => {
    edit(folder, 'production', /^NEXT_PUBLIC_STACK_API_URL=.*$/m, 'NEXT_PUBLIC_STACK_API_URL=');
    commit('No host');
    const run = steps.check(folder, 'main');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('NEXT_PUBLIC_STACK_API_URL');
  });

  it('copies dist/ to another repository, once for each change', () => {
    const other = join(folder, 'manifests.git');
    mkdirSync(other);
    git('init', '--quiet', '--bare', '--initial-branch=main', other);
    expect(steps.publish(folder, other)).toMatchObject({ code: 0 });
    expect(git('--git-dir', other, 'show', '--stat', '--format=%s', 'main')).toMatch(/^acme\/auth@abc[\s\S]*60-edge/);
    spawnSync('rm', ['-rf', join(folder, 'manifests')]);
    expect(steps.publish(folder, other)).toMatchObject({ code: 0 });
    expect(git('--git-dir', other, 'rev-list', '--count', 'main').trim()).toBe('1');
    expect(existsSync(join(folder, 'manifests', 'dist', 'production'))).toBe(true);
  });
});

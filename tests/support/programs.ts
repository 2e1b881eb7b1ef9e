import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { toolFolder } from './tools.ts';

/** A program that some tests need beside Node. */
interface Program {
  /** Where it comes from. */
  readonly from: string;
  /** @default - it is in PATH */
  readonly isThere?: () => boolean;
}

const programs: Readonly<Record<string, Program>> = {
  bash: debian('bash'),
  curl: debian('curl'),
  git: debian('git'),
  go: { from: 'https://go.dev/doc/install' },
  haproxy: debian('haproxy'),
  // Of every Linux and macOS; Node makes no pipes.
  mkfifo: debian('coreutils'),
  kubectl: { from: 'https://kubernetes.io/docs/tasks/tools/' },
  nginx: debian('nginx-light'),
  openssl: debian('openssl'),
  psql: debian('postgresql-client'),
  'python3-yaml': { ...debian('python3-yaml'), isThere: () => succeeds('python3', '-c', 'import yaml') },
  shellcheck: debian('shellcheck'),
  // Some systems have the program and forbid the namespaces.
  unshare: {
    ...debian('util-linux'),
    isThere: () => succeeds('unshare', '--user', '--map-root-user', '--net', 'true'),
  },
  age: built('age', 'age-keygen'),
  crane: built('crane'),
  kubeseal: built('kubeseal'),
  sops: built('sops'),
};

const missing = Object.keys(programs).filter((name) => !(programs[name]!.isThere?.() ?? isInPath(name)));

/**
 * A tag for each program, `needs-haproxy`: a test that has it, by itself, from its `describe` or from a `@module-tag` of its
 * file, is skipped where the program is missing.
 */
export const tags = Object.keys(programs).map((name) => ({
  name: tagOf(name),
  // Not false: of two tags the later one's would count, whether or not the earlier one's program is there.
  ...(missing.includes(name) ? { skip: true } : {}),
}));

/** Says how many tests were not run for want of which program. In CI that is an error: a test that never runs proves nothing. */
export class NotRun implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    for (const name of missing) {
      const count = skipped.filter((test) => test.tags.includes(tagOf(name))).length;
      if (count === 0) continue;
      console.error(`needs ${name}: ${count} ${count === 1 ? 'test' : 'tests'} not run (${programs[name]!.from})`);
      if (process.env.CI === 'true') process.exitCode = 1;
    }
  }
}

function tagOf(name: string): string {
  return `needs-${name}`;
}

function debian(name: string): Program {
  return { from: `apt-get install ${name}` };
}

function built(...names: readonly string[]): Program {
  return {
    from: 'with Go installed: tests/tools/install.sh',
    isThere: () => names.every((name) => isExecutable(join(toolFolder, name))),
  };
}

function isInPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

/** Whether this is a program that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

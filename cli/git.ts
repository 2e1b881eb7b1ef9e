import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { join } from '../config/paths';

/** Runs git in a folder. */
export function git(cwd: string, args: readonly string[]): SpawnSyncReturns<string> {
  // Loaded where it is needed: it takes longer than everything else in here, and synth imports this.
  const { spawnSync } = createRequire(import.meta.url)('node:child_process') as typeof import('node:child_process');
  return spawnSync('git', args, { cwd, encoding: 'utf8' });
}

/** The folder with `.git` that a path is in; undefined outside of a repository. */
export function repositoryOf(path: string): string | undefined {
  const folder = dirname(path);
  if (existsSync(join(folder, '.git'))) return folder;
  return folder === path ? undefined : repositoryOf(folder);
}

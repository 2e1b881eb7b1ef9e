import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Failure } from './failure';
import { err } from './terminal';

/**
 * Refuses files that git would track, for they are to hold secrets: one `git add .` would publish them. Outside of a
 * repository there is nothing to fear.
 */
export function refuseTracked(files: readonly string[]): void {
  for (const file of files) {
    const repository = repositoryOf(resolve(file));
    if (!repository) continue;
    // Loaded where it is needed: it takes longer than everything else in here, and synth imports this.
    const { spawnSync } = createRequire(import.meta.url)('node:child_process') as typeof import('node:child_process');
    const { status, error, stderr } = spawnSync('git', ['check-ignore', '--quiet', resolve(file)], {
      cwd: repository,
      encoding: 'utf8',
    });
    if (status === 0) continue;
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
      err(`git is not installed here, so nobody can say whether it would track ${file}. It holds secrets.\n`);
    } else if (status === 1) {
      const fix = `Add it to .gitignore; if it was ever committed, also run git rm --cached ${file} and change its secrets.`;
      throw new Failure(`Git would track ${file}, which is to hold secrets`, 1, fix);
    } else {
      const reason = stderr?.split('\n')[0] || error?.message;
      throw new Failure(`Git cannot say whether it would track ${file}, which is to hold secrets: ${reason}`, 1);
    }
  }
}

/** The folder with `.git` that a path is in; undefined outside of a repository. */
function repositoryOf(path: string): string | undefined {
  const folder = dirname(path);
  if (existsSync(join(folder, '.git'))) return folder;
  return folder === path ? undefined : repositoryOf(folder);
}

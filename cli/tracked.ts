import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { join, relative, resolve } from '../config/paths';
import { Failure } from './failure';
import { git, repositoryOf } from './git';
import { realPath } from './real-path';
import { err } from './terminal';

/**
 * Refuses files that git would track, for they are to hold secrets: one `git add .` would publish them. Outside of a
 * repository there is nothing to fear.
 */
export function refuseTracked(files: readonly string[]): void {
  for (const file of files) for (const place of places(file)) refuse(file, place);
}

/** The files beside secrets.env, itself included, that hold secrets and that git knows. */
export function trackedSecrets(folder: string): string[] {
  const file = join(folder, 'secrets.env');
  if (!existsSync(file)) return [];
  const place = realPath(resolve(file));
  if (!repositoryOf(place)) return [];
  const { status, stdout } = git(dirname(place), ['ls-files', '-z', '--', `${basename(place)}*`]);
  // Where git cannot say, the next command that writes a secret asks again, and aloud.
  const names = status === 0 ? stdout.split('\0').filter((name) => name !== '') : [];
  return names.map((name) => fromHere(join(dirname(place), name)));
}

/** Where a file comes to lie: in its folder's real place, and if it is a link to a file, there as well. */
function places(file: string): Set<string> {
  const path = resolve(file);
  return new Set([join(realPath(dirname(path)), basename(path)), realPath(path)]);
}

function refuse(file: string, place: string): void {
  const repository = repositoryOf(place);
  if (!repository) return;
  const { status, error, stderr } = git(repository, ['check-ignore', '--quiet', place]);
  if (status === 0) return;
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    err(`git is not installed here, so nobody can say whether it would track ${file}. It holds secrets.\n`);
  } else if (status === 1) {
    const ignore = fromHere(join(repository, '.gitignore'));
    // Beside secrets.env the old values lie under a longer name.
    const line = basename(place).replace(/^(secrets\.env).*$/, '$1*');
    const fix = `Add the line ${line} to ${ignore}; if it was ever committed, also run git rm --cached ${fromHere(place)} and change its secrets.`;
    throw new Failure(`Git would track ${file}, which is to hold secrets`, 1, fix);
  } else {
    const reason = stderr?.split('\n')[0] || error?.message;
    throw new Failure(`Git cannot say whether it would track ${file}, which is to hold secrets: ${reason}`, 1);
  }
}

/** A real path as the user would write it. */
function fromHere(place: string): string {
  return relative(realPath(resolve('.')), place);
}

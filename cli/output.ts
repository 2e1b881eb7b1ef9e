import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from './failure';

/** The files this project writes and replaces. Others in the folder are the user's. */
const OURS = /^\d\d-[a-z-]+\.k8s\.yaml$/;

/**
 * Replaces the manifests in a folder by these. The old ones stay until the new ones are complete on disk; then one rename
 * takes the old folder aside and one puts the new one in its place. What a killed run has left aside is put back by the
 * next one.
 */
export function replaceManifests(folder: string, files: ReadonlyMap<string, string>): void {
  // A link to a folder elsewhere, such as another repository, stays a link.
  const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink();
  const target = isLink ? realpathSync(folder) : folder;
  const fresh = join(dirname(target), `.${basename(target)}.new`);
  const old = join(dirname(target), `.${basename(target)}.old`);
  takeBack(old, target);
  if (existsSync(target) && !statSync(target).isDirectory()) {
    throw new Failure(`${folder} is a file, and the manifests need a folder there`, 1, 'Move it away.');
  }
  rmSync(fresh, { recursive: true, force: true });
  try {
    writeManifests(fresh, files);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    takeBack(old, target);
  }
}

/** The files that hold secret values in clear: git must never see them. */
export function secretFiles(files: ReadonlyMap<string, string>): string[] {
  return [...files]
    .filter(([, text]) => text.includes('\nkind: Secret\n') && !text.includes('\nsops:\n'))
    .map(([file]) => file);
}

/** Writes manifests into a folder, those that hold secrets for the owner alone. */
export function writeManifests(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  const secret = secretFiles(files);
  for (const [file, text] of files) {
    writeFileSync(join(folder, file), text, { mode: secret.includes(file) ? 0o600 : 0o644 });
  }
}

/** Moves the user's files from the old folder to the new one, or the old folder back when there is no new one. */
function takeBack(old: string, target: string): void {
  if (!existsSync(old)) return;
  if (!existsSync(target)) {
    renameSync(old, target);
    return;
  }
  for (const entry of readdirSync(old)) {
    if (OURS.test(entry)) unlinkSync(join(old, entry));
    else if (!existsSync(join(target, entry))) renameSync(join(old, entry), join(target, entry));
    else
      throw new Failure(
        `${join(old, entry)} and ${join(target, entry)} are both there`,
        1,
        'Remove the one you do not need.',
      );
  }
  rmdirSync(old);
}

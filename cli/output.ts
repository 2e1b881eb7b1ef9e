import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { isManifest } from '../charts/stages';
import { join } from '../config/paths';
import { Failure } from './failure';
import { locked } from './lock';

/** A folder, and the manifests that it is to hold: file name → YAML. */
export interface Output {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Replaces the manifests in folders by these, in all of them or in none. The old ones stay until the new ones of all are
 * complete on disk; then one rename takes an old folder aside and one puts the new one in its place. What a killed run has
 * left aside is put back by the next one.
 */
export function replaceManifests(outputs: readonly Output[]): void {
  const swaps = outputs.map(swapOf);
  refuseOneForTwo(swaps);
  lockedAll(
    swaps.map(({ lock }) => lock),
    () => swapAll(swaps),
  );
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

interface Swap extends Output {
  /** The folder itself, where the output is a link to one elsewhere, such as in another repository. */
  readonly target: string;
  readonly old: string;
  readonly lock: string;
}

function swapOf({ folder, files }: Output): Swap {
  const target = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(folder) : folder;
  const beside = (ending: string) => join(dirname(target), `.${basename(target)}.${ending}`);
  return { folder, files, target, old: beside('old'), lock: beside('lock') };
}

/** Links can lead from two environments to one folder. */
function refuseOneForTwo(swaps: readonly Swap[]): void {
  const seen = new Map<string, string>();
  for (const { folder, target } of swaps) {
    const place = join(realpathSync(dirname(target)), basename(target));
    const other = seen.get(place);
    if (other) throw new Failure(`${other} and ${folder} are the same folder`, 1, 'Give each environment its own.');
    seen.set(place, folder);
  }
}

function lockedAll([lock, ...others]: readonly string[], work: () => void): void {
  if (lock === undefined) work();
  else locked(lock, () => lockedAll(others, work));
}

function swapAll(all: readonly Swap[]): void {
  tidy(all);
  const swaps = all.filter((swap) => !isThereAlready(swap));
  const fresh = new Map<Swap, string>();
  const swapped: Swap[] = [];
  try {
    for (const swap of swaps) {
      const aside = mkdtempSync(`${asidePrefix(swap)}${process.pid}-`);
      fresh.set(swap, aside);
      writeManifests(aside, swap.files);
      // mkdtemp makes a folder for its owner alone; this one is an ordinary part of a repository.
      chmodSync(aside, 0o777 & ~process.umask());
    }
    for (const swap of swaps) {
      if (existsSync(swap.target)) renameSync(swap.target, swap.old);
      renameSync(fresh.get(swap)!, swap.target);
      swapped.push(swap);
    }
  } catch (error) {
    for (const { target, old } of swapped) {
      rmSync(target, { recursive: true });
      if (existsSync(old)) renameSync(old, target);
    }
    throw error;
  } finally {
    for (const aside of fresh.values()) rmSync(aside, { recursive: true, force: true });
    for (const { old, target } of swaps) takeBack(old, target);
  }
}

/** Clears away what a killed run has left, and refuses what could not be swapped. */
function tidy(swaps: readonly Swap[]): void {
  const besides = new Map<string, string[]>();
  for (const swap of swaps) {
    const { folder, target, old } = swap;
    takeBack(old, target);
    const parent = dirname(target);
    // Of many environments, but read once: their output folders stand side by side.
    if (!besides.has(parent))
      besides.set(
        parent,
        readdirSync(parent).filter((entry) => entry.startsWith('.')),
      );
    const prefix = basename(asidePrefix(swap));
    for (const entry of besides.get(parent)!) {
      const leftOver = entry.startsWith(prefix) && /^\d+-\w{6}$/.test(entry.slice(prefix.length));
      if (leftOver) rmSync(join(parent, entry), { recursive: true });
    }
    if (existsSync(target) && !statSync(target).isDirectory()) {
      throw new Failure(`${folder} is a file, and the manifests need a folder there`, 1, 'Move it away.');
    }
  }
}

/** Whether the folder holds these manifests and no others: writing costs ten times as much as looking. */
function isThereAlready({ target, files }: Swap): boolean {
  if (!existsSync(target)) return false;
  const secret = secretFiles(files);
  const manifests = readdirSync(target).filter(isManifest);
  return (
    manifests.length === files.size &&
    manifests.every((name) => {
      const file = join(target, name);
      const now = lstatSync(file);
      const openToOthers = secret.includes(name) && (now.mode & 0o077) !== 0;
      return now.isFile() && !openToOthers && files.get(name) === readFileSync(file, 'utf8');
    })
  );
}

function asidePrefix({ target }: Swap): string {
  return join(dirname(target), `.${basename(target)}.new-`);
}

/** Moves the user's files from the old folder to the new one, or the old folder back when there is no new one. */
function takeBack(old: string, target: string): void {
  if (!existsSync(old)) return;
  if (!existsSync(target)) {
    renameSync(old, target);
    return;
  }
  for (const entry of readdirSync(old)) {
    if (isManifest(entry)) unlinkSync(join(old, entry));
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

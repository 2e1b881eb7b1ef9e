import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { join } from '../config/paths';
import { readNamed } from '../config/read-named';
import { Failure } from './failure';
import { isRunning } from './lock';

/**
 * Replaces a file as a whole: the old one stays until the new one is on the disk, not merely in the system's memory. A
 * link to a file elsewhere stays a link.
 *
 * @param before what the new text was made from; a file that holds anything else by now is not replaced
 */
export function replaceFile(file: string, text: string | Buffer, mode: number, before?: Buffer): void {
  const target = lstatSync(file, { throwIfNoEntry: false }) ? realpathSync(file) : file;
  removeLeftOver(target);
  // A name of its own: links of two environments may lead to one file.
  const fresh = `${target}.${process.pid}.new`;
  try {
    const handle = openSync(fresh, 'wx', mode);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (before && !readNamed(target).equals(before)) {
      throw new Failure(`${file} was changed by something else meanwhile, so it stays as it is`, 1, 'Run this again.');
    }
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/**
 * Refuses what cannot be replaced: a link that leads nowhere, such as into a vault that is not mounted, for what it stands
 * for is not lost but elsewhere, and a pipe, through which a program hands over what it keeps itself.
 */
export function refuseIrreplaceable(file: string): void {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  if (isLink && !existsSync(file)) {
    const fix = 'Mount or bring back what it leads to, or remove the link.';
    throw new Failure(`${file} is a link to ${readlinkSync(file)}, and nothing is there`, 1, fix);
  }
  const about = statSync(file, { throwIfNoEntry: false });
  if (!about || about.isFile()) return;
  const fix = 'Change the value where the file comes from, or make a regular file of it.';
  throw new Failure(`${file} is no regular file, so nothing can be written to it`, 1, fix);
}

/** What killed runs have left beside a file. */
function removeLeftOver(target: string): void {
  const name = basename(target);
  for (const entry of readdirSync(dirname(target))) {
    const pid = entry.startsWith(`${name}.`) ? /^(\d+)\.new$/.exec(entry.slice(name.length + 1))?.[1] : undefined;
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid)))) {
      rmSync(join(dirname(target), entry), { force: true });
    }
  }
}

/** Only then does the new name survive a power failure. Windows syncs no folders, and refuses to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

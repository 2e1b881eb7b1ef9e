import { closeSync, existsSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole: the old one stays until the new one is on the disk, not merely in the system's memory. A
 * link to a file elsewhere stays a link.
 */
export function replaceFile(file: string, text: string | Buffer, mode: number): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  const fresh = `${target}.new`;
  rmSync(fresh, { force: true });
  try {
    const handle = openSync(fresh, 'wx', mode);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Only then does the new name survive a power failure. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

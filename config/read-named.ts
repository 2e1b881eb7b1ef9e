import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { pause } from './pause';

/** The most that is read of a file: of what is in it, a Secret and a ConfigMap hold 1 MiB each. */
const LARGEST_FILE = 4 * 2 ** 20;
/** The most that is read of a description, which becomes a part of every object. */
export const LARGEST_SETTINGS = 2 ** 20;

/**
 * The bytes of a regular file or a pipe. It never waits without end, as for a pipe that nobody writes to, and never reads
 * one, as of a device. An error has a code, and names the file.
 */
export function readNamed(file: string, most = LARGEST_FILE): Buffer {
  let handle: number | undefined;
  try {
    // Not blocking: to open a pipe without a writer would take until there is one.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const about = fstatSync(handle);
    if (about.isDirectory()) throw refusal('EISDIR');
    if (!about.isFile() && !about.isFIFO()) throw refusal('EFTYPE');
    if (about.isFile() && about.size > most) throw refusal('EFBIG', most);
    return readAll(handle, { most, first: about.size + 1, patience: about.isFIFO() ? PATIENCE : undefined });
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** All of standard input. Like any program it waits for who types or has not sent everything yet. */
export function readStdin(most = LARGEST_FILE): Buffer {
  try {
    return readAll(0, { most, first: 2 ** 16 });
  } catch (error) {
    throw Object.assign(error as Error, { path: 'standard input' });
  }
}

/** Why a file cannot be read, as the end of a sentence; undefined for an error of another kind. */
export function unreadableBecause(error: unknown): string | undefined {
  const { code, syscall, most } = error as NodeJS.ErrnoException & { most?: number };
  if (!(error instanceof Error) || !code || !syscall) return undefined;
  if (most !== undefined) return `it is larger than ${most / 2 ** 20} MiB; a Secret and a ConfigMap hold 1 MiB each`;
  return reasons[code] ?? `the system says ${code} (${syscall})`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'not permitted',
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, a file is needed',
  ENOTDIR: 'a part of the path is a file, a folder is needed',
  EEXIST: 'something of that name is there already',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  ENXIO: 'it is a socket or a device, a regular file or a pipe is needed',
  EFTYPE: 'it is a device, a regular file or a pipe is needed',
  ETIMEDOUT: 'it is a pipe, and whoever is to write to it does not, or does not end',
};

/** How long a pipe may have no writer, and how long a writer may take, in milliseconds. */
const PATIENCE = { writer: 2_000, end: 60_000 };

interface Reading {
  readonly most: number;
  /** Room to begin with. */
  readonly first: number;
  /** @default - it ends by itself */
  readonly patience?: typeof PATIENCE;
}

/** Until the end, wherever that is by then: a file may grow, and those of /proc have no size. */
function readAll(handle: number, { most, first, patience }: Reading): Buffer {
  let bytes = Buffer.allocUnsafe(first);
  const begun = Date.now();
  for (let total = 0; ; ) {
    const length = tryRead(handle, bytes.subarray(total));
    if (length) {
      total += length;
      if (total > most) throw refusal('EFBIG', most);
      if (total === bytes.length) bytes = Buffer.concat([bytes], total * 2 + 2 ** 16);
    } else if (length === 0 && (total > 0 || !patience)) return bytes.subarray(0, total);
    else {
      const limit = length === 0 ? patience?.writer : patience?.end;
      if (limit !== undefined && Date.now() - begun > limit) throw refusal('ETIMEDOUT');
      pause(20);
    }
  }
}

/** Undefined while a writer has nothing to say; 0 at the end, or while a pipe has no writer. */
function tryRead(handle: number, room: Buffer): number | undefined {
  try {
    return readSync(handle, room);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return undefined;
    if (code === 'EOF') return 0;
    throw error;
  }
}

function refusal(code: string, most?: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused`), { code, syscall: 'read', most });
}

import { rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { join } from '../config/paths';
import { pause } from '../config/pause';
import { readNamed } from '../config/read-named';
import { Failure } from './failure';

/** The lock of all that reads the secrets of an environment to write them; git ignores it by the pattern of `secrets.env`. */
export function secretsLock(folder: string): string {
  return join(folder, 'secrets.env.lock');
}

/**
 * Does work while no other run of the command does what the same lock file guards. It waits a moment for one that does.
 * A run that was killed leaves its lock file behind; the next one sees that the process is gone and takes it over.
 */
export function locked<T>(file: string, work: () => T): T {
  const mine = `${process.pid} ${Date.now()} ${hostname()}`;
  take(file, mine);
  try {
    return work();
  } finally {
    if (holder(file) === mine) rmSync(file, { force: true });
  }
}

/** Whether a process of this number runs on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const PATIENCE = 5_000;
const PAUSE = 25;
/** No run takes so long: by then the number is another process's, or the machine of the lock is gone. */
const TOO_OLD = 3_600_000;

function take(file: string, mine: string): void {
  const end = Date.now() + PATIENCE;
  while (!create(file, mine)) {
    const other = holder(file);
    if (other === undefined) continue;
    if (isLeftOver(file, other)) {
      // One at a time: of two that find it, the slower would otherwise remove the lock that the faster has just made.
      locked(`${file}.left`, () => {
        if (holder(file) === other) rmSync(file, { force: true });
      });
    } else if (Date.now() < end) pause(PAUSE);
    else throw busy(file, other);
  }
}

function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The text of a lock file, empty in the moment between its making and its writing; undefined without the file. */
function holder(file: string): string | undefined {
  try {
    return readNamed(file).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isLeftOver(file: string, text: string): boolean {
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const age = since === undefined ? 0 : Date.now() - since;
  const { pid, host } = parse(text);
  if (pid === undefined) return age > PATIENCE / 2;
  // This process holds none that it waits for: its number was another's before, as in containers, where all start at 1.
  return age > TOO_OLD || (host === hostname() && (pid === process.pid || !isRunning(pid)));
}

function parse(text: string): { readonly pid?: number; readonly host?: string } {
  const parts = /^(\d+) \d+ (.+)$/.exec(text);
  return parts ? { pid: Number(parts[1]), host: parts[2] } : {};
}

function busy(file: string, text: string): Failure {
  const { pid, host } = parse(text);
  const where = host === hostname() ? '' : ` on ${host}`;
  return new Failure(
    `Another run of this command (process ${pid}${where}) is at work in ${dirname(file)}, so nothing was changed`,
    1,
    `Run this again when it has ended. If it does not run any more: rm ${file}`,
  );
}

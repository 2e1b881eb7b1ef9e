import { spawnSync } from 'node:child_process';
import { LIMITS } from './limits';

/** How a process that renders is started: its snapshot, and what this version of Node calls its fences. */
export interface Program {
  readonly node: string;
  readonly arguments: readonly string[];
  /** Limits of the kernel for the process; 0 is none. */
  readonly memoryKiB: number;
}

/**
 * Both sides of a snapshot have to agree on these. A fixed seed: the same script gives the same bytes. One thread: helpers
 * of the compiler and the collector cost more than they save in a process that lives for a tenth of a second.
 */
const ENGINE = ['--random-seed=1', '--single-threaded', `--max-old-space-size=${LIMITS.heapMiB}`];

const flags = process.allowedNodeEnvironmentFlags;

/** Node 20 and 22 call it experimental. No file, no process, no thread, no add-on may be opened; reading is not needed. */
const PERMISSION = flags.has('--permission') ? '--permission' : '--experimental-permission';

/** From Node 25 on the permission model closes the network, too. */
export const CLOSES_NETWORK = flags.has('--allow-net');

/** Loads the packages once and keeps the result as a snapshot, in a folder of which the text gives no clue. */
export function buildProgram(script: string, snapshot: string): Program {
  // Only Node 26 can keep what a first render makes; where it cannot, the snapshot is taken before that.
  const attempts = [{ RENDERER_WARM_UP: '1' }, {}];
  for (const env of attempts) {
    const built = spawnSync(
      process.execPath,
      [
        ...ENGINE,
        '--no-warnings',
        '--experimental-vm-modules',
        '--snapshot-blob',
        snapshot,
        '--build-snapshot',
        script,
      ],
      { env, encoding: 'utf8', timeout: 120_000 },
    );
    if (built.status === 0) return program(snapshot);
    if (env === attempts.at(-1)) throw new Error(`no snapshot could be built: ${built.stderr.slice(-2000)}`);
  }
  throw new Error('unreachable');
}

function program(snapshot: string): Program {
  return {
    node: process.execPath,
    arguments: [...ENGINE, '--snapshot-blob', snapshot, '--no-warnings', PERMISSION, '--experimental-vm-modules'],
    memoryKiB: 0,
  };
}

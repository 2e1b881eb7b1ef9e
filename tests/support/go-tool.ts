import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Servers that are to be had as Go modules: the module of ours that pins one, and its package. */
const tools = {
  mailpit: 'github.com/axllent/mailpit',
  seaweedfs: 'github.com/seaweedfs/seaweedfs/weed',
  restic: 'github.com/restic/restic/cmd/restic',
} as const;

/** How long a build from empty caches may take on a machine with two busy cores. */
export const BUILD_TIMEOUT = 40 * 60_000;

/**
 * Path of such a server's program. It is built once for a lock file and kept in the user's cache, where `npm ci` leaves it;
 * only the first run on a machine waits for it: a minute and a half for Mailpit, six minutes for SeaweedFS, two for restic on two cores.
 */
export async function goTool(tool: keyof typeof tools): Promise<string> {
  const folder = fileURLToPath(new URL(`../stores/modules/${tool}/`, import.meta.url));
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'go.sum')))
    .digest('hex')
    .slice(0, 16);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hexclave-servers', lock);
  const program = join(cache, tool);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const partial = `${program}.${process.pid}`;
  const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', partial, tools[tool]];
  await promisify(execFile)('go', args, { cwd: folder, env: { ...process.env, CGO_ENABLED: '0' } });
  renameSync(partial, program);
  return program;
}

import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

const installed =
  process.env.HEXCLAVE_TOOLS ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hexclave-tools');

/** The folder with the programs that tests/tools/install.sh installs. */
export const toolFolder = join(installed, 'bin');

/** The output of a program that has to succeed. */
export function tool(name: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const run = spawnSync(join(toolFolder, name), args, { ...options, encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${run.stderr}`);
  return String(run.stdout);
}

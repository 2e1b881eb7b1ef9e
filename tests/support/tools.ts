import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const installed =
  process.env.HEXCLAVE_TOOLS ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hexclave-tools');

/** The folder with the programs that tests/tools/install.sh installs. */
export const toolFolder = join(installed, 'bin');

/**
 * Whether these programs are there; says on standard error what is skipped without them. In CI they have to be there:
 * a test that silently never runs proves nothing.
 */
export function hasTools(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !existsSync(join(toolFolder, name)));
  if (missing.length === 0) return true;
  const reason = `${missing.join(', ')} not installed: run tests/tools/install.sh`;
  if (process.env.CI === 'true') throw new Error(reason);
  console.error(`skipped: ${reason}`);
  return false;
}

/** The output of a program that has to succeed. */
export function tool(name: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const run = spawnSync(join(toolFolder, name), args, { ...options, encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status}: ${run.stderr}`);
  return String(run.stdout);
}

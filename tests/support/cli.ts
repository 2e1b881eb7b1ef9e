import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { guideConfig, guideSecrets } from './cases';
import { isRoot, nobody } from './process';
import { warmCommand } from './warm-command';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended. */
export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Record<string, string>;
  /** Run as somebody whom file permissions hold back, also when the tests run as root. */
  readonly unprivileged?: boolean;
}

/** Runs the command as its users do, started in the folder of the environments. */
export function command(folder: string, args: readonly string[], options: CommandOptions = {}): CommandRun {
  if (!options.unprivileged || !isRoot) {
    return warmCommand(folder, args, { PATH: process.env.PATH ?? '', HOME: folder, ...options.env });
  }
  return node(folder, [join(root, 'cli', 'cdk8s-hexclave.cjs'), ...args], options);
}

/** Runs Node with these arguments. */
export function node(folder: string, args: readonly string[], options: CommandOptions = {}): CommandRun {
  const run = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...options.env },
    encoding: 'utf8',
    ...(options.unprivileged && isRoot ? nobody : {}),
  });
  if (run.error) throw run.error;
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** An empty folder that is gone after the test. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hexclave-cli-')));
  // mkdtemp makes it for its owner alone; an unprivileged run has to get in.
  chmodSync(folder, 0o755);
  onTestFinished(() => remove(folder));
  return folder;
}

/** Removes a folder, also one in which a test has forbidden to write. */
function remove(folder: string): void {
  if (!isRoot) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A folder with valid environments of these names, as the command makes them from the guide's minimal env file. */
export function scratchWith(...names: string[]): string {
  const folder = scratch();
  writeFileSync(join(folder, 'hexclave.env'), envFile({ ...guideConfig, ...guideSecrets }));
  for (const name of names) {
    const made = join(folder, 'environments', name);
    const known = madeBefore.get(name);
    if (known) {
      mkdirSync(made, { recursive: true });
      for (const [file, text] of known) writeFileSync(join(made, file), text, { mode: modeOf(file) });
      continue;
    }
    const run = command(folder, ['init', name, '--from', 'hexclave.env']);
    if (run.code !== 0) throw new Error(run.stderr);
    madeBefore.set(name, new Map(readdirSync(made).map((file) => [file, readFileSync(join(made, file), 'utf8')])));
  }
  return folder;
}

/** What init made of the guide's file for a name; it makes the same each time. */
const madeBefore = new Map<string, ReadonlyMap<string, string>>();

function modeOf(file: string): number {
  return file === 'secrets.env' ? 0o600 : 0o644;
}

/** An env file with these variables. */
export function envFile(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The files of a folder and their texts. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Gives a folder and all in it to whom `unprivileged` commands run as. */
export function giveToUnprivileged(folder: string): void {
  if (!isRoot) return;
  for (const path of ['.', ...readdirSync(folder, { recursive: true })]) {
    lchownSync(join(folder, String(path)), nobody.uid, nobody.gid);
  }
}

/** Changes the config.env of an environment in a folder that `scratchWith` has made. */
export function edit(folder: string, name: string, from: RegExp, to: string): void {
  const file = join(folder, 'environments', name, 'config.env');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

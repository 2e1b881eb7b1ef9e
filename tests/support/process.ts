import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll } from 'vitest';

/** How a process ended. `output` is what it wrote to stdout and stderr, in the order of arrival. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly milliseconds: number;
}

/** A process that runs. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  output(): string;
  /** Resolves once the output holds the text, and rejects when the process ends without having said it. */
  said(text: string): Promise<void>;
  /** Sends the signal to the process, or to its whole group when it was started with one. */
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly cwd?: string;
  /** The whole environment, beside PATH. Default: nothing. */
  readonly env?: Record<string, string>;
  /** Start a process group, so that `kill` reaches the process's children too. Default: false. */
  readonly group?: boolean;
  /** Run as `nobody` when the tests run as root, so that file permissions count. Default: false. */
  readonly unprivileged?: boolean;
}

/** Debian's, and everybody's, uid and gid of `nobody`. */
export const nobody = { uid: 65534, gid: 65534 };

export const isRoot = process.getuid?.() === 0;

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return start(command, args, options).ended;
}

const alive = new Set<() => void>();

// A test that fails leaves behind what it has started.
afterAll(() => {
  for (const end of alive) end();
});

/** Starts a command. */
export function start(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const began = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
    detached: options.group,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.unprivileged && isRoot ? nobody : {}),
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const end = () => signalTo(child, 'SIGKILL', options.group === true);
  alive.add(end);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => alive.delete(end));
    child.on('close', (code, signal) => resolve({ code, signal, output, milliseconds: performance.now() - began }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`ended without saying "${text}":\n${output}`)), reject);
      }),
    kill: (signal) => signalTo(child, signal, options.group === true),
  };
}

function signalTo(child: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (child.pid === undefined) return;
  process.kill(group ? -child.pid : child.pid, signal);
}

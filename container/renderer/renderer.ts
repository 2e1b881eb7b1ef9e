import { type ChildProcess, spawn } from 'node:child_process';
import { LIMITS } from './limits';
import type { Job, Outcome, Report, Stop } from './outcome';
import type { Program } from './program';

/** A process that has loaded the packages and waits for its one job. */
export interface Renderer {
  readonly pid: number;
  run(job: Job, signal: AbortSignal): Promise<Outcome>;
  kill(): void;
  /** When the process is gone. */
  readonly ended: Promise<void>;
}

/**
 * The kernel's limits, which hold whatever happens in the process: no core file, nothing written to files, few of them
 * open, seconds of CPU, memory. Then the shell is replaced, so its number is the one to kill.
 */
const LIMITED = `
  ulimit -c 0 && ulimit -f 0 && ulimit -n "$1" && ulimit -t "$2" || exit 1
  [ "$3" = 0 ] || ulimit -d "$3" || exit 1
  shift 3
  exec "$@"`;

export function startRenderer(program: Program): Promise<Renderer> {
  const limits = [LIMITS.openFiles, LIMITS.cpuSeconds, program.memoryKiB].map(String);
  const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', ...limits, program.node, ...program.arguments], {
    cwd: '/',
    env: { LANG: 'C.UTF-8', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const output = new Output(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMITS.timeMs);
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    void ended.then(() => {
      clearTimeout(timer);
      reject(new Error(`it ended with ${child.signalCode ?? `code ${child.exitCode}`}`));
    });
    output.onReady(() => {
      clearTimeout(timer);
      resolve({
        pid: child.pid!,
        run: (job, signal) => run(child, output, job, signal),
        kill: () => child.kill('SIGKILL'),
        ended,
      });
    });
  });
}

function run(child: ChildProcess, output: Output, job: Job, signal: AbortSignal): Promise<Outcome> {
  let stopped: Stop | undefined;
  const stop = (reason: Stop) => {
    stopped ??= reason;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('time'), LIMITS.timeMs);
  const cancel = () => stop('cancelled');
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  output.onOverflow(() => stop('output'));
  return new Promise((resolve) => {
    child.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      resolve(outcome(child, output, stopped));
    });
    // A process that ends before it has read everything closes the pipe; why, `close` says.
    child.stdin!.on('error', () => {});
    child.stdin!.end(JSON.stringify(job));
  });
}

function outcome(child: ChildProcess, output: Output, stopped: Stop | undefined): Outcome {
  if (stopped) return { stopped, message: MESSAGES[stopped] };
  const report = child.exitCode === 0 ? parse(output.text()) : undefined;
  if (report) return report;
  // Out of memory V8 aborts; the kernel's own signals are the CPU limit's and the pod's.
  const memory = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV'].includes(child.signalCode ?? '');
  const reason: Stop = memory || child.exitCode === 134 ? 'memory' : 'ended';
  return { stopped: reason, message: MESSAGES[reason] };
}

const MESSAGES: Record<Stop, string> = {
  time: `The script did not end within ${LIMITS.timeMs / 1000} seconds.`,
  memory: `The script used more memory than a render may, ${LIMITS.heapMiB} MiB of objects.`,
  output: `The script’s result has more than ${LIMITS.outputBytes / 1024 / 1024} MiB.`,
  ended: 'The script’s process ended without a result.',
  cancelled: 'The caller is gone.',
};

/** What the process writes is hostile, like the script: it is read as JSON of the expected form, or not at all. */
function parse(text: string): Report | undefined {
  try {
    const { result, error, logs } = JSON.parse(text);
    if (error === undefined) return { result, logs: lines(logs) };
    return { error: { message: String(error.message), stack: error.stack && String(error.stack) }, logs: lines(logs) };
  } catch {
    return undefined;
  }
}

function lines(logs: unknown): Report['logs'] {
  if (!Array.isArray(logs)) return [];
  return logs.map(({ message, type }) => ({ message: String(message), type: type === 'error' ? 'error' : 'log' }));
}

const READY = 'ready\n';

/** Standard output of the process: first that it is ready, then its report. */
class Output {
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private ready: (() => void) | undefined;
  private overflow: (() => void) | undefined;

  constructor(child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => {
      if (this.length > LIMITS.outputBytes) return;
      this.chunks.push(chunk);
      this.length += chunk.length;
      if (this.ready && this.length >= READY.length) {
        this.ready();
        this.ready = undefined;
      }
      if (this.length > LIMITS.outputBytes) this.overflow?.();
    });
  }

  onReady(ready: () => void): void {
    this.ready = ready;
  }

  onOverflow(overflow: () => void): void {
    this.overflow = overflow;
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8', READY.length);
  }
}

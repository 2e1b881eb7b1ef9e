import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

/** The version of Node that runs the renderer: this one, or the one that `npm run test:programs` names. */
export const NODE = process.env.HEXCLAVE_RENDERER_NODE || process.execPath;

/** What the server asks for. */
export const PACKAGES = {
  react: '19.1.1',
  'react-dom': '19.1.1',
  '@react-email/components': '1.0.6',
  arktype: '2.1.20',
};

/** What comes back: what the script returned, in the form that the test gave it, or a message. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: each test's script returns something else
  readonly result?: any;
  readonly logs?: readonly { message: string; type: string }[];
  readonly message?: string;
}

/** A renderer as its pod starts it: from the parts of the archive, in a folder of its own. */
export class TestRenderer {
  readonly key = randomBytes(12).toString('hex');
  readonly folder = mkdtempSync(join(tmpdir(), 'renderer-'));
  private output = '';

  private constructor(
    readonly url: string,
    private readonly port: number,
    private process: ChildProcess | undefined,
  ) {}

  static async start(variables: Record<string, string> = {}): Promise<TestRenderer> {
    const port = await freePort();
    const renderer = new TestRenderer(`http://127.0.0.1:${port}`, port, undefined);
    writeParts(join(renderer.folder, 'parts'));
    await renderer.launch(variables);
    return renderer;
  }

  /** Starts it again, on the same port, with the same key. */
  async launch(variables: Record<string, string> = {}): Promise<void> {
    const started = spawn(
      NODE,
      [join(root, 'container/renderer/start.cjs'), join(this.folder, 'parts'), join(this.folder, 'run')],
      {
        env: {
          PATH: process.env.PATH,
          RENDERER_KEY: this.key,
          RENDERER_PORT: String(this.port),
          RENDERER_LEAVE_MS: '2000',
          SECRET_OF_THE_PARENT: SECRET,
          ...variables,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.process = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream!.on('data', (chunk) => {
        this.output += chunk;
      });
    }
    const deadline = Date.now() + 100_000;
    while ((await this.status('/ready')) !== 200) {
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(`the renderer did not start: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  get pid(): number {
    return this.process!.pid!;
  }

  get alive(): boolean {
    return this.process!.exitCode === null && this.process!.signalCode === null;
  }

  get log(): string {
    return this.output;
  }

  async status(path: string): Promise<number | undefined> {
    return fetch(this.url + path).then(
      ({ status }) => status,
      () => undefined,
    );
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Runs a module as the server's SDK does. */
  async run(script: string, config: object = { nodeModules: PACKAGES }): Promise<{ status: number; body: Answer }> {
    const response = await this.post('/execute/v3/script', { script, config });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  /** Bytes of memory that it takes itself. */
  get memory(): number {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1]) * 1024;
  }

  /** The number of the processes that it has started and that are there. */
  children(): number[] {
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const running = this.process!;
    if (!this.alive) return running.exitCode;
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
    const children = this.children();
    running.kill(signal);
    const code = await ended;
    // In a pod the end of the first process is the end of all. Here an endless script would go on to its limit of CPU.
    if (signal === 'SIGKILL') for (const child of children) endOf(child);
    return code;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Kills a process that may be gone already. */
function endOf(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Something in the parent's environment that no script may learn. */
export const SECRET = randomBytes(12).toString('hex');

export function archive(): Buffer {
  return readFileSync(join(root, 'build/renderer.gz'));
}

function writeParts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const whole = archive();
  const size = 170_000;
  const count = Math.ceil(whole.length / size);
  for (let index = 0; index < count; index++) {
    writeFileSync(join(folder, `part-${index}`), whole.subarray(index * size, (index + 1) * size));
  }
  const sha256 = createHash('sha256').update(whole).digest('hex');
  writeFileSync(join(folder, 'program.json'), JSON.stringify({ count, sha256 }));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

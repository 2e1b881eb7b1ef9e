import { LIMITS } from './limits';
import type { Job, Outcome } from './outcome';
import type { Program } from './program';
import { type Renderer, startRenderer } from './renderer';

/** Thrown instead of starting a render: too many wait already, or this one has waited too long. */
export class Busy extends Error {}

interface Waiting {
  readonly start: (renderer: Renderer) => void;
  readonly refuse: (error: Error) => void;
}

/** Processes that have loaded the packages and wait for a job. Each renders once; the next one starts meanwhile. */
export class Pool {
  private readonly warm: Renderer[] = [];
  private readonly waiting: Waiting[] = [];
  private starting = 0;
  private running = 0;
  private waitingBytes = 0;
  private closed = false;

  constructor(
    private readonly program: Program,
    private readonly concurrency: number,
  ) {}

  /** Whether renders are taken: there is a process for the next one, or there are some that end in time. */
  get ready(): boolean {
    return !this.closed && (this.warm.length > 0 || this.running > 0);
  }

  fill(): void {
    while (!this.closed && this.warm.length + this.starting < this.concurrency) {
      this.starting += 1;
      void this.add();
    }
  }

  async render(job: Job, signal: AbortSignal): Promise<Outcome> {
    const renderer = await this.turn(Buffer.byteLength(job.script), signal);
    try {
      return await renderer.run(job, signal);
    } finally {
      this.running -= 1;
      this.next();
    }
  }

  /** Ends the processes that wait for a job, and refuses the renders that wait for a process. */
  close(): void {
    this.closed = true;
    for (const renderer of this.warm.splice(0)) renderer.kill();
    for (const { refuse } of [...this.waiting]) refuse(new Busy('The renderer is shutting down.'));
  }

  private turn(bytes: number, signal: AbortSignal): Promise<Renderer> {
    if (this.closed || this.waiting.length >= LIMITS.waiting || this.waitingBytes + bytes > LIMITS.waitingBytes) {
      return Promise.reject(new Busy('Too many renders wait already.'));
    }
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        this.waitingBytes -= bytes;
      };
      const waiting: Waiting = {
        start: (renderer) => {
          settle();
          resolve(renderer);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      const gone = () => waiting.refuse(new Busy('The caller is gone.'));
      const timer = setTimeout(() => waiting.refuse(new Busy('No turn for this render in time.')), LIMITS.waitMs);
      this.waitingBytes += bytes;
      this.waiting.push(waiting);
      signal.addEventListener('abort', gone);
      this.next();
    });
  }

  private next(): void {
    while (this.waiting.length > 0 && this.warm.length > 0 && this.running < this.concurrency) {
      this.running += 1;
      this.waiting[0]!.start(this.warm.shift()!);
    }
    this.fill();
  }

  private async add(): Promise<void> {
    try {
      const renderer = await startRenderer(this.program);
      if (this.closed) return renderer.kill();
      this.warm.push(renderer);
      void renderer.ended.then(() => this.forget(renderer));
    } catch (error) {
      console.error(`renderer: a process did not start: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    } finally {
      this.starting -= 1;
      this.next();
    }
  }

  private forget(renderer: Renderer): void {
    const index = this.warm.indexOf(renderer);
    if (index < 0) return;
    this.warm.splice(index, 1);
    this.fill();
  }
}

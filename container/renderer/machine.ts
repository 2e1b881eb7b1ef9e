import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { Refused } from './exchange';
import { LIMITS } from './limits';

/**
 * What generation C takes for a virtual machine: a few files in this process's memory, by their paths. There is no file
 * system behind it, so a path leads nowhere else, and a link cannot be made.
 */
export class Machine {
  readonly id = randomUUID();
  readonly createdAt = new Date().toISOString();
  readonly abort = new AbortController();
  sessions = 0;
  private readonly files = new Map<string, Buffer>();
  private readonly folders = new Set<string>(['/']);

  read(path: string): Buffer {
    const content = this.files.get(path);
    if (!content) throw new Refused(404, 'NOT_FOUND', 'There is no such file.');
    return content;
  }

  write(path: string, content: Buffer): void {
    const others = [...this.files].filter(([other]) => other !== path);
    const size = others.reduce((sum, [, { length }]) => sum + length, content.length);
    if (others.length >= LIMITS.machineFiles || size > LIMITS.bodyBytes) {
      throw new Refused(507, 'INSUFFICIENT_STORAGE', 'The machine is full.');
    }
    this.files.set(path, content);
    this.makeFolder(posix.dirname(path));
  }

  makeFolder(path: string): void {
    for (let folder = path; !this.folders.has(folder); folder = posix.dirname(folder)) {
      if (this.folders.size >= LIMITS.machineFiles * 4) {
        throw new Refused(507, 'INSUFFICIENT_STORAGE', 'The machine is full.');
      }
      this.folders.add(folder);
    }
  }

  remove(path: string): void {
    for (const file of this.files.keys()) if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
    this.folders.delete(path);
  }

  exists(path: string): boolean {
    return this.files.has(path) || this.folders.has(path);
  }

  get size(): number {
    return [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
  }
}

/** The machines that there are. A caller that dies leaves one behind, so each goes by itself after a while. */
export class Machines {
  private readonly machines = new Map<string, Machine>();

  create(): Machine {
    if (this.machines.size >= LIMITS.machines || this.size > LIMITS.waitingBytes) {
      throw new Refused(503, 'SERVICE_UNAVAILABLE', 'Too many machines exist already.');
    }
    const machine = new Machine();
    this.machines.set(machine.id, machine);
    setTimeout(() => this.delete(machine.id), LIMITS.machineMs).unref();
    return machine;
  }

  get(id: string): Machine {
    const machine = this.machines.get(id);
    if (!machine) throw new Refused(404, 'NOT_FOUND', 'There is no such machine.');
    return machine;
  }

  delete(id: string): void {
    this.machines.get(id)?.abort.abort();
    this.machines.delete(id);
  }

  private get size(): number {
    return [...this.machines.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

/** A path as the SDK documents it: absolute, free of `..`, at most 4096 characters. */
export function filePath(value: unknown): string {
  const valid =
    typeof value === 'string' &&
    value.startsWith('/') &&
    value.length <= 4096 &&
    !value.includes('\0') &&
    !value.split('/').includes('..');
  if (!valid)
    throw new Refused(400, 'BAD_REQUEST', 'A path must be absolute, without "..", of 4096 characters at most.');
  return posix.normalize(value).replace(/(?<=.)\/$/, '');
}

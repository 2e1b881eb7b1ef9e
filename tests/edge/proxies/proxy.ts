import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../support/objects';
import { start } from '../../support/process';
import type { Origin } from './origin';

/** A proxy that runs with what a controller makes of the emitted objects. */
export interface RunningProxy {
  readonly http: number;
  readonly https: number;
  /** The file of its certificate, which it has signed itself. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** Where a configuration finds things. */
export interface Site {
  readonly folder: string;
  readonly http: number;
  readonly https: number;
  readonly certificate: string;
  readonly key: string;
  readonly origin: Pick<Origin, 'ports'>;
  /** One second of it stands for so many of a timeout. */
  readonly scale: number;
}

/** How a controller turns the Ingress objects, or the Routes, into a configuration of its proxy. */
export interface Controller {
  readonly program: 'nginx' | 'haproxy';
  readonly kind: 'Ingress' | 'Route';
  configuration(objects: readonly KubeObject[], site: Site): string;
}

/** For a test that waits for timeouts: 300 s pass in six. */
export const SCALE = 50;

/** A duration such as 300s, or a number of seconds, in milliseconds of the test. */
export function scaled(duration: string, { scale }: Pick<Site, 'scale'>): number {
  const [, seconds] = /^(\d+)s?$/.exec(duration) ?? [];
  if (!seconds) throw new Error(`not a number of seconds: ${duration}`);
  return (Number(seconds) * 1000) / scale;
}

/** Which of the two Services an object is for. */
export function hostOf(object: KubeObject): { name: 'api' | 'dashboard'; host: string } {
  const host = object.kind === 'Route' ? object.spec.host : object.spec.rules[0].host;
  return { name: object.metadata.name.replace('hexclave-', ''), host };
}

/** The annotations that a controller reads; fails for one of its own that the translation does not know. */
export function annotationsOf(object: KubeObject, prefix: string, known: readonly string[]): Record<string, string> {
  const own = Object.entries<string>(object.metadata.annotations).filter(([key]) => key.startsWith(prefix));
  const found = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  for (const key of Object.keys(found)) if (!known.includes(key)) throw new Error(`${prefix}${key} is not translated`);
  return found;
}

export async function startProxy(
  controller: Controller,
  objects: readonly KubeObject[],
  origin: Pick<Origin, 'ports'>,
  scale = 1,
): Promise<RunningProxy> {
  const { program } = controller;
  const folder = mkdtempSync(join(tmpdir(), `edge-${program}-`));
  const [http, https] = [await freePort(), await freePort()];
  const site = { folder, http, https, origin, scale, ...makeCertificate(folder) };
  const file = join(folder, `${program}.cfg`);
  const ours = objects.filter(({ kind }) => kind === controller.kind);
  writeFileSync(file, controller.configuration(ours, site));
  const args = program === 'nginx' ? ['-c', file, '-p', folder, '-e', 'stderr'] : ['-db', '-f', file];
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const running = start(program, args, { env: { PATH: path } });
  const failed = running.ended.then(
    ({ output }) => Promise.reject(new Error(`${program} ended:\n${output}\n${readFileSync(file, 'utf8')}`)),
    () => Promise.reject(new Error(`${program} is missing: apt-get install nginx-light haproxy openssl`)),
  );
  await Promise.race([failed, reachable(http).then(() => reachable(https))]);
  failed.catch(() => {});
  return {
    http,
    https,
    certificate: site.certificate,
    async stop() {
      running.kill('SIGTERM');
      await running.ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.crt.key')];
  const subject = ['-subj', '/CN=acme.test', '-addext', 'subjectAltName=DNS:*.acme.test'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { certificate, key };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function reachable(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
      setTimeout(() => socket.destroy(), 1000).unref();
    });
    if (connected) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`nothing listens on ${port}`);
}

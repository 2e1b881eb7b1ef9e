import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { scripts } from '../../charts/scripts';
import { goTool } from './go-tool';
import { type Ended, type Running, run, start } from './process';

/** What restic says of a backup. */
export interface Snapshot {
  readonly short_id: string;
  readonly tags: readonly string[];
}

/** A repository of backups, and the folders that a pod would have. */
export interface Backups {
  readonly folder: string;
  readonly repository: string;
  /** Starts a script of `container/` as the manifests do, and sees to it that it prints no secret. */
  start(script: 'backup' | 'restore', url: string, env?: Record<string, string>, within?: readonly string[]): Running;
  /** The same to its end. */
  run(...args: Parameters<Backups['start']>): Promise<Ended>;
  restic(...args: string[]): Promise<Ended>;
  /** The backups that there are, the oldest first. */
  list(): Promise<Snapshot[]>;
  /** What the server's image is said to have. */
  migrations(...names: string[]): void;
  remove(): void;
}

export async function makeBackups(): Promise<Backups> {
  const program = await goTool('restic');
  const folder = mkdtempSync(join(tmpdir(), 'backups-'));
  const work = join(folder, 'work');
  const repository = join(folder, 'repository');
  const password = randomBytes(18).toString('hex');
  mkdirSync(work);
  symlinkSync(program, join(work, 'restic'));
  const common = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password, RESTIC_CACHE_DIR: join(work, 'cache') };
  const restic = (...args: string[]) => run(program, args, { env: common });

  const begin: Backups['start'] = (script, url, env = {}, within = []) => {
    const kind = script === 'backup' ? 'scheduled' : 'restore';
    const usual = {
      KIND: kind,
      ENVIRONMENT: 'acme',
      RELEASE_ID: 'r1',
      IMAGE_TAG: 'c-1',
      BACKUP: 'latest',
      REPLACE: '',
    };
    const limits = { WAIT_SECONDS: '4', REACH_SECONDS: '3' };
    const keep = { KEEP_DAILY: '7', KEEP_WEEKLY: '4', KEEP_MONTHLY: '6', KEEP_BEFORE_MIGRATION: '1' };
    const [command = 'bash', ...args] = [...within, 'bash', '-c', scripts[script]];
    const process = start(command, args, {
      env: { WORK: work, DATABASE_URL: url, ...common, ...usual, ...limits, ...keep, ...env },
      group: true,
    });
    const ended = process.ended.then((result) => {
      for (const secret of [url, decodeURIComponent(new URL(url).password), password]) {
        if (secret) expect(result.output.includes(secret), 'a secret is printed').toBe(false);
      }
      return result;
    });
    return { ...process, ended };
  };

  return {
    folder,
    repository,
    start: begin,
    run: (...args) => begin(...args).ended,
    restic,
    async list() {
      const { code, output } = await restic('snapshots', '--json');
      return code === 10 ? [] : JSON.parse(output);
    },
    migrations: (...names) => writeFileSync(join(work, 'migrations'), names.map((name) => `${name}\n`).join('')),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

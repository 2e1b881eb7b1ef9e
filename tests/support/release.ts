import pg from 'pg';
import { expect } from 'vitest';
import { scripts } from '../../charts/scripts';
import type { Backend } from './backend';
import type { Postgres } from './postgres';
import { type Ended, type Running, start } from './process';

/** What the gate and the migration are run with. */
export interface Release {
  /** Connection string of the database. */
  readonly url: string;
  readonly backend: Backend;
  /** Default: `r1`. */
  readonly id?: string;
  readonly env?: Record<string, string>;
  /** Whether `kill` also reaches the steps that it runs, as the kill of a pod does. Default: true. */
  readonly group?: boolean;
}

/** Starts one of the two as the manifests do, and sees to it that no password is in anything it prints. */
export function startRelease(
  mode: 'gate' | 'migrate',
  { url, backend, id = 'r1', env = {}, group = true }: Release,
): Running {
  const process = start(globalThis.process.execPath, ['--input-type=module', '--eval', scripts[mode]], {
    env: { STACK_DATABASE_CONNECTION_STRING: url, BACKEND_DIR: backend.folder, RELEASE_ID: id, ...env },
    group,
  });
  const ended = process.ended.then((result) => {
    for (const secret of [url, new URL(url).password]) expect(result.output).not.toContain(secret);
    return result;
  });
  return { ...process, ended };
}

/** Runs it to its end. */
export function release(mode: 'gate' | 'migrate', options: Release): Promise<Ended> {
  return startRelease(mode, options).ended;
}

let databases = 0;

/** Connection string of a new, empty database. */
export async function newDatabase(server: Postgres): Promise<string> {
  const name = `database_${databases++}`;
  await query(server.url, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = name;
  return url.href;
}

/** The rows of one statement, on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  return connected(url, async (client) => (await client.query<Row>(statement)).rows);
}

/** Gives the work a connection that is closed after it. */
export async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * @module-tag needs-bash
 * @module-tag needs-psql
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { majors, type Postgres, startPostgres } from '../support/postgres';
import { type Running, start } from '../support/process';
import { query } from '../support/release';

const text = scripts.svixDatabase;

/** Starts the script as the manifests do: connection and password in the environment. */
function prepare(server: Postgres, password: string): Running {
  const url = new URL(server.url);
  const env = { PGHOST: url.hostname, PGPORT: url.port, PGUSER: url.username, PGPASSWORD: url.password };
  return start('bash', ['-c', text], { env: { ...env, SVIX_DATABASE_PASSWORD: password } });
}

/** Svix's own connection string, as the manifests put it together. */
function asSvix(server: Postgres, password: string, database = 'svix'): string {
  const { host } = new URL(server.url);
  return `postgresql://svix:${encodeURIComponent(password)}@${host}/${database}`;
}

describe.each(majors)('the database of Svix on PostgreSQL %i', (major) => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres(major);
  });
  afterAll(() => server.stop());

  test('is made on an empty server, and Svix can build its tables in it', async () => {
    const password = randomBytes(12).toString('base64url');
    expect(await prepare(server, password).ended).toMatchObject({ code: 0, output: 'svix-database: ready\n' });
    await query(asSvix(server, password), 'CREATE TABLE message (id int)');
  });

  test('keeps its data and takes a new password when the script runs again', async () => {
    const [before, after] = ['first', 'second'];
    await prepare(server, before).ended;
    await query(asSvix(server, before), 'CREATE TABLE kept AS SELECT 7 AS value');
    expect(await prepare(server, after).ended).toMatchObject({ code: 0 });
    expect(await query(asSvix(server, after), 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    await expect(query(asSvix(server, before), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('gives Svix no way to the data of the server', async () => {
    await query(server.url, 'CREATE TABLE IF NOT EXISTS users AS SELECT 1 AS id');
    await prepare(server, 'confined').ended;
    const elsewhere = asSvix(server, 'confined', 'postgres');
    await expect(query(elsewhere, 'SELECT * FROM users')).rejects.toMatchObject({ code: '42501' });
    await expect(query(elsewhere, 'CREATE ROLE another')).rejects.toMatchObject({ code: '42501' });
  });

  test('takes any password of printable characters, and none is printed', async () => {
    const passwords = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(passwords, async (random) => {
        const password = `'"\\:$(x)${random}`;
        const { code, output } = await prepare(server, password).ended;
        expect([code, output]).toEqual([0, 'svix-database: ready\n']);
        await query(asSvix(server, password), 'SELECT 1');
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });

  test('waits for a server that is still starting', async () => {
    await server.halt();
    const script = prepare(server, 'patient');
    await script.said('waiting for PostgreSQL');
    await server.resume();
    expect(await script.ended).toMatchObject({ code: 0 });
  });

  test('is given up on when the server refuses the login, without a word about the password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'not-the-password';
    const { code, output } = await prepare({ ...server, url: wrong.href }, 'unused').ended;
    expect(code).not.toBe(0);
    expect(output).toContain('password authentication failed');
    expect(output).not.toContain('not-the-password');
  });
});

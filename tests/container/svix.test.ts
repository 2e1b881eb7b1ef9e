import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { type Postgres, startPostgres } from '../support/postgres';
import { type Ended, run } from '../support/process';
import { query } from '../support/release';

const text = scripts.svix;

/** Stands where Svix does, which is not to be had here: it says how it was called and uses its database. */
const PROGRAM = `#!${process.execPath}
const { Client } = require('pg');
const client = new Client({ connectionString: process.env.SVIX_DB_DSN });
client.connect()
  .then(() => client.query('SELECT current_user AS role, current_database() AS database'))
  .then(({ rows }) => {
    const seen = 'SVIX_DATABASE_PASSWORD' in process.env;
    console.log(JSON.stringify({ ...rows[0], arguments: process.argv.slice(2), seen }));
    return client.end();
  })
  .catch(({ code }) => { console.log(code); process.exit(1); });
`;

let server: Postgres;
let folder: string;

beforeAll(async () => {
  server = await startPostgres(18);
  await query(server.url, 'CREATE ROLE svix LOGIN');
  await query(server.url, 'CREATE DATABASE svix OWNER svix');
  folder = mkdtempSync(join(tmpdir(), 'svix-'));
  writeFileSync(join(folder, 'svix-server'), PROGRAM);
  chmodSync(join(folder, 'svix-server'), 0o755);
  symlinkSync(
    dirname(dirname(createRequire(import.meta.url).resolve('pg/package.json'))),
    join(folder, 'node_modules'),
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function svix(password: string): Promise<Ended> {
  const { host } = new URL(server.url);
  const env = { PATH: `${folder}:${process.env.PATH}`, DATABASE_ADDRESS: host, SVIX_DATABASE_PASSWORD: password };
  return run('sh', ['-c', text], { env });
}

test('Svix gets an address of its database that works, whatever printable characters the password has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }), async (random) => {
      const password = `%@/:?#'" $(x)\\${random}`;
      await query(server.url, `ALTER ROLE svix PASSWORD '${password.replaceAll("'", "''")}'`);
      const { code, output } = await svix(password);
      expect(JSON.parse(output)).toEqual({
        role: 'svix',
        database: 'svix',
        arguments: ['--run-migrations'],
        seen: false,
      });
      expect(code).toBe(0);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

test('a wrong password is refused, so it was the password that opened the way', async () => {
  await query(server.url, "ALTER ROLE svix PASSWORD 'right'");
  expect(await svix('wrong')).toMatchObject({ code: 1, output: '28P01\n' });
});

test('without a password Svix does not start', async () => {
  const { code, output } = await run('sh', ['-c', text], { env: { DATABASE_ADDRESS: 'nowhere:5432' } });
  expect(code).not.toBe(0);
  expect(output).toContain('SVIX_DATABASE_PASSWORD');
});

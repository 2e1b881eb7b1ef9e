import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { scripts } from '../../charts/scripts';
import { makeBackend } from '../support/backend';
import { majors, type Postgres, startPostgres } from '../support/postgres';
import { isRoot, run, start } from '../support/process';
import { connected, newDatabase, query, release, startRelease } from '../support/release';

const LEDGER = 'CREATE TABLE "SchemaMigration" ("migrationName" text PRIMARY KEY, "finishedAt" timestamp)';
const RELEASES = 'CREATE TABLE "_HexclaveRelease" (id text PRIMARY KEY)';
const SESSIONS =
  "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hexclave-gate'";
const apply = (...names: string[]) =>
  `INSERT INTO "SchemaMigration" VALUES ${names.map((name) => `('${name}', now())`).join(', ')}`;

const older = makeBackend({ '20250101_first': '' });
const newer = makeBackend({ '20250101_first': '', '20250202_second': '', '20250303_third': '' });
// Each takes seconds, but two servers and dozens of processes share the machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const servers = new Map<number, Postgres>();

beforeAll(async () => {
  for (const major of majors) servers.set(major, await startPostgres(major));
});

afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.stop()));
  older.remove();
  newer.remove();
});

describe.concurrent.each(majors)('the gate, with PostgreSQL %i,', (major) => {
  const database = () => newDatabase(servers.get(major)!);

  test('waits from the empty database to the release row, and says each reason once', async () => {
    const url = await database();
    const gate = startRelease('gate', { url, backend: newer });
    await gate.said('gate: not migrated yet\n');
    await query(url, LEDGER);
    await query(url, apply('20250101_first'));
    await gate.said('gate: 2 migrations pending, next: 20250202_second\n');
    await query(url, `${RELEASES}; INSERT INTO "_HexclaveRelease" VALUES ('r0'), ('R1')`);
    await query(url, apply('20250202_second', '20250303_third'));
    await gate.said('gate: schema is current; waiting for the migration Job of release r1\n');
    await query(url, `INSERT INTO "_HexclaveRelease" VALUES ('r1')`);
    const ended = await gate.ended;
    expect(ended.code).toBe(0);
    // On a machine under load a try may run into its five seconds; that is a reason of its own.
    const lines = ended.output.split('\n').filter((line) => !line.startsWith('gate: database not ready'));
    expect(lines).toHaveLength(5);
    expect(new Set(lines).size).toBe(5);
    await vi.waitFor(async () => expect(await query(url, SESSIONS)).toEqual([]));
  });

  test('lets an older image pass at once after a newer one has migrated', async () => {
    const url = await database();
    await query(url, `${LEDGER}; ${apply('20250101_first', '20250202_second', '20250303_third')}`);
    await query(url, `${RELEASES}; INSERT INTO "_HexclaveRelease" VALUES ('old'), ('new')`);
    const ended = await release('gate', { url, backend: older, id: 'old' });
    expect(ended).toMatchObject({ code: 0, output: 'gate: the database is ready\n' });
  });

  test('asks for no release row as `ledger`, and counts only migrations that have finished', async () => {
    const url = await database();
    await query(url, `${LEDGER}; ${apply('20250101_first', '20250202_second')}`);
    await query(url, `INSERT INTO "SchemaMigration" VALUES ('20250303_third', NULL)`);
    const gate = startRelease('gate', { url, backend: newer, env: { GATE: 'ledger', RELEASE_ID: '' } });
    await gate.said('gate: 1 migrations pending, next: 20250303_third\n');
    await query(url, 'UPDATE "SchemaMigration" SET "finishedAt" = now()');
    expect(await gate.ended).toMatchObject({ code: 0 });
  });

  test('looks in the schema that the URL names, whatever its name', async () => {
    const url = new URL(await database());
    url.searchParams.set('schema', 'Tenant "A"; DROP');
    url.searchParams.set('connection_limit', '5');
    await query(url.href, `${LEDGER}; ${apply('20250101_first')}; ${RELEASES}`);
    const gate = startRelease('gate', { url: url.href, backend: older });
    await gate.said('gate: not migrated yet\n');
    expect(await release('migrate', { url: url.href, backend: older })).toMatchObject({ code: 0 });
    expect(await gate.ended).toMatchObject({ code: 0 });
  });

  test('is not held up for ever by a locked ledger, and leaves no waiting session behind', async () => {
    const url = await database();
    await query(url, `${LEDGER}; ${apply('20250101_first')}`);
    await connected(url, async (client) => {
      await client.query('BEGIN; LOCK TABLE "SchemaMigration"');
      const gate = startRelease('gate', { url, backend: older, env: { GATE: 'ledger', GATE_TIMEOUT_SECONDS: '1' } });
      expect(await gate.ended).toMatchObject({
        code: 1,
        output: 'gate: database not ready (57014)\ngate: gave up after 1 s: database not ready (57014)\n',
      });
      await vi.waitFor(async () => expect(await query(url, SESSIONS)).toEqual([]));
    });
  });

  test('gives up when its time is over, with the last reason', async () => {
    const options = { url: await database(), backend: older, env: { GATE_TIMEOUT_SECONDS: '1' } };
    expect(await release('gate', options)).toMatchObject({
      code: 1,
      output: 'gate: not migrated yet\ngate: gave up after 1 s: not migrated yet\n',
    });
  });

  test('waits when the password is refused, and does not print it', async () => {
    const url = new URL(await database());
    url.password = 'canary%2Fcanary';
    const options = { url: url.href, backend: older, env: { GATE_TIMEOUT_SECONDS: '1' } };
    const ended = await release('gate', options);
    expect(ended.output).toContain('database not ready (28P01, password refused)');
    expect(ended.output).not.toContain('canary');
  });

  test('ends at once on SIGTERM, as PID 1 too', { tags: ['needs-bash', 'needs-unshare'] }, async () => {
    const flags = ['--pid', '--fork', '--kill-child', ...(isRoot ? [] : ['--map-root-user'])];
    const node = [process.execPath, '--input-type=module', '--eval', scripts.gate];
    const env = { STACK_DATABASE_CONNECTION_STRING: await database(), BACKEND_DIR: older.folder, RELEASE_ID: 'r1' };
    const gate = start('unshare', [...flags, ...node], { env });
    await gate.said('not migrated yet');
    await run('bash', ['-c', `kill -TERM $(cat /proc/${gate.pid}/task/${gate.pid}/children)`]);
    expect(await gate.ended).toMatchObject({ code: 143 });
  });
});

describe.concurrent('the gate, without a database,', () => {
  const url = 'postgres://user:canary@127.0.0.1:1/stack';

  test.each([
    [
      'a URL without a scheme',
      'user:canary@localhost/stack',
      'STACK_DATABASE_CONNECTION_STRING is not a postgres:// URL',
    ],
    ['a URL of another database', 'mysql://user:canary@localhost/stack', 'is not a postgres:// URL'],
    ['an unencoded # in the password', 'postgres://user:can#ary@localhost:5432/stack', 'is not a postgres:// URL'],
    ['a missing certificate', 'postgres://user:canary@localhost/stack?sslrootcert=/canary', 'cannot be used (ENOENT)'],
    ['nothing', '', 'STACK_DATABASE_CONNECTION_STRING is not set'],
  ])('ends at once with a message when it is given %s', async (_, text, message) => {
    const ended = await release('gate', { url, backend: older, env: { STACK_DATABASE_CONNECTION_STRING: text } });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/canary|can#ary|user:/);
  });

  test.each([
    ['an unknown GATE', { GATE: 'Strict' }, 'GATE has to be strict, ledger or off'],
    ['no release', { RELEASE_ID: '' }, 'RELEASE_ID is not set'],
    ['a time limit that is no number', { GATE_TIMEOUT_SECONDS: '2h' }, 'GATE_TIMEOUT_SECONDS has to be a number'],
    ['an image without the server', { BACKEND_DIR: '/nowhere' }, '/nowhere cannot be used (MODULE_NOT_FOUND)'],
  ])('ends at once with a message when it is given %s', async (_, env, message) => {
    const ended = await release('gate', { url, backend: older, env });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(message);
  });

  test('refuses an image without migrations, which would let every database pass', async () => {
    const backend = makeBackend({});
    const ended = await release('gate', { url, backend });
    backend.remove();
    expect(ended).toMatchObject({ code: 1, output: expect.stringContaining('there are no migrations in') });
  });

  test('passes at once as `off`', async () => {
    const env = { GATE: 'off', STACK_DATABASE_CONNECTION_STRING: '' };
    expect(await release('gate', { url, backend: older, env })).toMatchObject({ code: 0, output: '' });
  });

  test('does not wait for ever on a server that takes the connection and says nothing', async () => {
    const silent: Socket[] = [];
    const server = createServer((socket) => silent.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const env = { HEXCLAVE_DATABASE_CONNECTION_STRING: `postgres://user:canary@127.0.0.1:${port}/stack` };
    const ended = await release('gate', {
      url,
      backend: older,
      env: { STACK_DATABASE_CONNECTION_STRING: '', GATE_TIMEOUT_SECONDS: '1', ...env },
    });
    for (const socket of silent) socket.destroy();
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('gate: database not ready (timeout expired)\n');
  });
});

// Not beside the others, which need the servers.
describe.each(majors)('the gate, while PostgreSQL %i restarts,', (major) => {
  test('waits for the database to come back', async () => {
    const server = servers.get(major)!;
    const url = await newDatabase(server);
    await query(url, `${LEDGER}; ${apply('20250101_first')}`);
    await server.halt();
    const gate = startRelease('gate', { url, backend: older, env: { GATE: 'ledger' } });
    await gate.said('gate: database not ready (ECONNREFUSED)\n');
    await server.resume();
    expect(await gate.ended).toMatchObject({ code: 0 });
  });
});

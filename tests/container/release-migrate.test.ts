import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Backend, makeBackend } from '../support/backend';
import { majors, type Postgres, startPostgres } from '../support/postgres';
import { connected, newDatabase, query, release, startRelease } from '../support/release';

// Each takes seconds, but two servers and dozens of processes share the machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const servers = new Map<number, Postgres>();
const backends: Backend[] = [];

beforeAll(async () => {
  for (const major of majors) servers.set(major, await startPostgres(major));
});

afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.stop()));
  for (const backend of backends) backend.remove();
});

function image(sql = 'CREATE TABLE "Project" (id text)'): Backend {
  const backend = makeBackend({ '20250101_first': sql, '20250202_second': '' });
  backends.push(backend);
  return backend;
}

const PATIENCE = { timeout: 20_000 };
const releases = (url: string) => query(url, 'SELECT id FROM "_HexclaveRelease" ORDER BY id');
const leases = (url: string) => query(url, 'SELECT holder FROM "_HexclaveMigrator"');

describe.concurrent.each(majors)('the migration Job, with PostgreSQL %i,', (major) => {
  const database = () => newDatabase(servers.get(major)!);

  test('migrates, then seeds, then records the release, and the gate passes; a second run changes nothing', async () => {
    const options = { url: await database(), backend: image() };
    expect(await release('migrate', options)).toMatchObject({ code: 0 });
    expect(options.backend.events()).toEqual([
      'r1 migrate begins',
      'r1 migrate ends',
      'r1 seed begins',
      'r1 seed ends',
    ]);
    expect(await releases(options.url)).toEqual([{ id: 'r1' }]);
    expect(await leases(options.url)).toEqual([]);
    expect(await release('gate', options)).toMatchObject({ code: 0, output: 'gate: the database is ready\n' });
    const again = await release('migrate', options);
    expect(again).toMatchObject({ code: 0 });
    expect(again.output).toContain('the seed program is running');
    expect(await releases(options.url)).toEqual([{ id: 'r1' }]);
  });

  test('never runs beside another release’s, even for longer than the lease and on an empty database', async () => {
    const options = { url: await database(), backend: image() };
    const env = { LEASE_SECONDS: '6', HOLD: 'migrate' };
    const jobs = ['r1', 'r2'].map((id) => startRelease('migrate', { ...options, id, env }));
    await Promise.any(jobs.map((job) => job.said('waiting for the lease: held by release r')));
    await new Promise((resolve) => setTimeout(resolve, 7000));
    options.backend.go();
    const ended = await Promise.all(jobs.map((job) => job.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const order = options.backend.events()[0]?.startsWith('r1') ? ['r1', 'r2'] : ['r2', 'r1'];
    const steps = ['migrate begins', 'migrate ends', 'seed begins', 'seed ends'];
    expect(options.backend.events()).toEqual(order.flatMap((id) => steps.map((step) => `${id} ${step}`)));
    expect(await releases(options.url)).toEqual([{ id: 'r1' }, { id: 'r2' }]);
  });

  test('takes over from one that was killed, once its lease has expired', async () => {
    const options = { url: await database(), backend: image() };
    const killed = startRelease('migrate', {
      ...options,
      env: { LEASE_SECONDS: '10', HOLD: 'migrate' },
    });
    await killed.said('the migrate program is running');
    killed.kill('SIGKILL');
    await killed.ended;
    options.backend.go();
    const next = startRelease('migrate', { ...options, id: 'r2' });
    await next.said('waiting for the lease: held by release r1');
    expect(await next.ended).toMatchObject({ code: 0 });
    expect(await releases(options.url)).toEqual([{ id: 'r2' }]);
  });

  test('lives through a session that creates the same tables at the same moment', async () => {
    const options = { url: await database(), backend: image() };
    await connected(options.url, async (other) => {
      await other.query('BEGIN; CREATE TABLE "_HexclaveRelease" (id text PRIMARY KEY, "finishedAt" timestamptz)');
      const job = startRelease('migrate', options);
      const blocked = `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'hexclave-migrate' AND wait_event_type = 'Lock'`;
      await vi.waitFor(async () => expect(await query(options.url, blocked)).toHaveLength(1), PATIENCE);
      await other.query('COMMIT');
      const ended = await job.ended;
      expect(ended.output).toContain('migrate: another migrator is creating the tables\n');
      expect(ended.code).toBe(0);
    });
  });

  test('names the invalid indexes that an earlier, killed migration has left', async () => {
    const options = { url: await database(), backend: image() };
    await query(options.url, 'CREATE TABLE "User" (mail text); INSERT INTO "User" VALUES (1), (1)');
    await query(options.url, 'CREATE UNIQUE INDEX CONCURRENTLY "User_mail" ON "User" (mail)').catch(() => []);
    const ended = await release('migrate', options);
    expect(ended.code).toBe(0);
    expect(ended.output).toContain('warning: index public."User_mail" is invalid');
    expect(ended.output).toContain('DROP INDEX CONCURRENTLY public."User_mail"\n');
    await query(options.url, 'DROP INDEX "User_mail"');
    expect((await release('migrate', options)).output).not.toContain('warning');
  });
});

describe.concurrent('the migration Job', () => {
  const database = () => newDatabase(servers.get(18)!);

  test.each([
    ['migrate', 'exit code 3', { FAILS: 'migrate' }, 2],
    ['seed', 'exit code 3', { FAILS: 'seed' }, 4],
    ['seed', 'SIGKILL', { KILLED: 'seed' }, 4],
  ])(
    'fails when the step %s ends with %s: no release is recorded, the lease is free',
    async (step, how, env, events) => {
      const options = { url: await database(), backend: image(), env };
      const ended = await release('migrate', options);
      expect(ended.code).toBe(1);
      expect(ended.output).toContain(`migrate: step ${step} failed (${how})\n`);
      expect(options.backend.events()).toHaveLength(events);
      expect(await releases(options.url)).toEqual([]);
      expect(await leases(options.url)).toEqual([]);
    },
  );

  test('goes on to the end when SIGTERM comes during a step, which does not get it', async () => {
    const options = { url: await database(), backend: image(), env: { HOLD: 'migrate' } };
    const job = startRelease('migrate', { ...options, group: false });
    await job.said('the migrate program is running');
    job.kill('SIGTERM');
    await job.said('migrate: SIGTERM: going on to the end');
    options.backend.go();
    expect(await job.ended).toMatchObject({ code: 0 });
    expect(options.backend.events()).toEqual([
      'r1 migrate begins',
      'r1 migrate ends',
      'r1 seed begins',
      'r1 seed ends',
    ]);
    expect(await releases(options.url)).toEqual([{ id: 'r1' }]);
  });

  test('fails when the lease was lost while a step ran: nothing more is run or recorded', async () => {
    const options = { url: await database(), backend: image(), env: { HOLD: 'migrate' } };
    const job = startRelease('migrate', options);
    await job.said('the migrate program is running');
    await query(options.url, `UPDATE "_HexclaveMigrator" SET holder = 'somebody else'`);
    options.backend.go();
    const ended = await job.ended;
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('migrate: the lease was lost');
    expect(options.backend.events()).toEqual(['r1 migrate begins', 'r1 migrate ends']);
    expect(await releases(options.url)).toEqual([]);
    expect(await leases(options.url)).toEqual([{ holder: 'somebody else' }]);
  });

  test('skips a step whose switch is the word false', async () => {
    const backend = image();
    const url = await database();
    expect(await release('migrate', { url, backend })).toMatchObject({ code: 0 });
    await query(url, 'INSERT INTO "Project" VALUES (1)');
    const env = { STACK_RUN_MIGRATIONS: 'false' };
    const seeded = await release('migrate', { url, backend, env, id: 'r2' });
    expect(seeded.output).toContain('step migrate is skipped, for STACK_RUN_MIGRATIONS is false');
    expect(backend.events().filter((event) => event.startsWith('r2'))).toEqual(['r2 seed begins', 'r2 seed ends']);
  });

  test('waits for a late ClickHouse, which may answer what it likes', async () => {
    const url = await database();
    const asked: (string | undefined)[] = [];
    const clickhouse = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(403).end();
    });
    const port = await new Promise<number>((resolve) => {
      clickhouse.listen(0, '127.0.0.1', () => resolve((clickhouse.address() as AddressInfo).port));
    });
    await new Promise((resolve) => clickhouse.close(resolve));
    const env = { STACK_CLICKHOUSE_URL: `http://admin:canary@127.0.0.1:${port}/base/?password=canary` };
    const job = startRelease('migrate', { url, backend: image(), env });
    await job.said('migrate: ClickHouse not ready (ECONNREFUSED)\n');
    await new Promise<void>((resolve) => clickhouse.listen(port, '127.0.0.1', resolve));
    const ended = await job.ended;
    clickhouse.close();
    expect(ended.code).toBe(0);
    expect(ended.output).not.toContain('canary');
    expect(asked).toEqual(['/base/ping undefined']);
  });

  test.each([
    ['Postgres', { STACK_DATABASE_CONNECTION_STRING: 'postgres://u:canary@127.0.0.1:1/stack' }, 'database not ready'],
    ['ClickHouse', { STACK_CLICKHOUSE_URL: 'http://u:canary@127.0.0.1:1' }, 'ClickHouse not ready'],
  ])('fails when %s stays away, with the reason and without having begun', async (_, env, reason) => {
    const backend = image();
    const url = await database();
    const ended = await release('migrate', { url, backend, env: { WAIT_SECONDS: '1', ...env } });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(`migrate: gave up after 1 s: ${reason} (ECONNREFUSED)\n`);
    expect(ended.output).not.toContain('canary');
    expect(backend.events()).toEqual([]);
  });

  test.each([
    ['no release', { RELEASE_ID: '' }, 'RELEASE_ID is not set'],
    [
      'a ClickHouse URL that is none',
      { STACK_CLICKHOUSE_URL: 'canary:8123' },
      'STACK_CLICKHOUSE_URL is not a http:// URL',
    ],
    ['a folder without the program', { BACKEND_DIR: '/nowhere' }, '/nowhere cannot be used'],
  ])('fails at once when it is given %s', async (_, env, message) => {
    const backend = image();
    const ended = await release('migrate', { url: await database(), backend, env });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(message);
    expect(ended.output).not.toContain('canary');
    expect(backend.events()).toEqual([]);
  });

  test('ends at once when SIGTERM comes while it waits', async () => {
    const job = startRelease('migrate', { url: 'postgres://u:canary@127.0.0.1:1/stack', backend: image() });
    await job.said('database not ready');
    job.kill('SIGTERM');
    expect(await job.ended).toMatchObject({ code: 143 });
  });
});

// Not beside the others, which need the servers.
describe.each(majors)('the migration Job, while PostgreSQL %i restarts,', (major) => {
  test('waits for a late database, and survives its restart in the middle of a step', async () => {
    const server = servers.get(major)!;
    const url = await newDatabase(server);
    await server.halt();
    const backend = image();
    const job = startRelease('migrate', { url, backend, env: { HOLD: 'migrate' } });
    await job.said('migrate: database not ready (ECONNREFUSED)\n');
    await server.resume();
    await job.said('the migrate program is running');
    await server.halt();
    backend.go();
    await vi.waitFor(() => expect(job.output().split('database not ready (ECONNREFUSED)')).toHaveLength(3), PATIENCE);
    await server.resume();
    expect(await job.ended).toMatchObject({ code: 0 });
    expect(await releases(url)).toEqual([{ id: 'r1' }]);
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Backend, makeBackend } from '../support/backend';
import { majors, type Postgres, startPostgres } from '../support/postgres';
import { newDatabase, query, release } from '../support/release';

// Each takes seconds, but two servers and their processes share the machine.
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

/** An image with these migrations, whose seed throws on what is there. */
function image(migrations: Record<string, string>): Backend {
  const backend = makeBackend(migrations);
  backends.push(backend);
  return backend;
}

const FIRST = { '20250101_first': 'CREATE TABLE "Project" (id text)' };
const SECOND = { ...FIRST, '20250202_second': 'ALTER TABLE "Project" ADD COLUMN notes text' };
const LEFT_OUT = { STACK_RUN_SEED_SCRIPT: 'false', FAILS: 'seed' };

describe.concurrent.each(majors)('a release that leaves its seed out, with PostgreSQL %i,', (major) => {
  const releases = (url: string) => query(url, 'SELECT id FROM "_HexclaveRelease" ORDER BY id');

  test('migrates a database that was seeded before, and its gate waits for that and no longer', async () => {
    const url = await newDatabase(servers.get(major)!);
    const old = image(FIRST);
    expect(await release('migrate', { url, backend: old })).toMatchObject({ code: 0 });
    await query(url, `INSERT INTO "Project" VALUES ('internal')`);

    const backend = image(SECOND);
    const gate = () => release('gate', { url, backend, id: 'r2', env: { GATE_TIMEOUT_SECONDS: '1' } });
    expect(await release('migrate', { url, backend, id: 'r1b', env: { FAILS: 'seed' } })).toMatchObject({ code: 1 });
    expect((await gate()).output).toContain('waiting for the migration Job of release r2');
    const ended = await release('migrate', { url, backend, id: 'r2', env: LEFT_OUT });
    expect(ended.output).toContain('step seed is skipped, for STACK_RUN_SEED_SCRIPT is false');
    expect(ended.code).toBe(0);
    expect(await gate()).toMatchObject({ code: 0 });
    expect(await releases(url)).toEqual([{ id: 'r1' }, { id: 'r2' }]);
    expect(await query(url, 'SELECT notes FROM "Project"')).toEqual([{ notes: null }]);
  });

  test('does not open its gate before its migrations are done', async () => {
    const url = await newDatabase(servers.get(major)!);
    expect(await release('migrate', { url, backend: image(FIRST) })).toMatchObject({ code: 0 });
    const backend = image(SECOND);
    const ended = await release('gate', { url, backend, id: 'r2', env: { GATE_TIMEOUT_SECONDS: '1' } });
    expect(ended.output).toContain('1 migrations pending, next: 20250202_second');
    expect(ended.code).toBe(1);
  });

  test.each([
    ['an empty database', undefined],
    ['one where an earlier seed failed before it had made anything', 'seed'],
  ])('is refused on %s, with its migrations done', async (_, FAILS) => {
    const url = await newDatabase(servers.get(major)!);
    const backend = image(FIRST);
    if (FAILS) expect(await release('migrate', { url, backend, id: 'r0', env: { FAILS } })).toMatchObject({ code: 1 });
    const ended = await release('migrate', { url, backend, env: LEFT_OUT });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('this database was never seeded: set migration.seed to true');
    expect(await releases(url)).toEqual([]);
    expect(await query(url, 'SELECT holder FROM "_HexclaveMigrator"')).toEqual([]);
    // With the seed it goes on from where it stands.
    expect(await release('migrate', { url, backend })).toMatchObject({ code: 0 });
  });

  test('takes a database whose projects it cannot find for a seeded one: a later image may keep them elsewhere', async () => {
    const url = await newDatabase(servers.get(major)!);
    const backend = image({ '20270101_first': 'CREATE TABLE "Tenant" (id text)' });
    expect(await release('migrate', { url, backend, env: LEFT_OUT })).toMatchObject({ code: 0 });
  });

  test('looks for the projects in the schema of the URL', async () => {
    const url = new URL(await newDatabase(servers.get(major)!));
    url.searchParams.set('schema', 'auth');
    const backend = image(FIRST);
    expect(await release('migrate', { url: url.href, backend })).toMatchObject({ code: 0 });
    expect(await release('migrate', { url: url.href, backend, id: 'r2', env: LEFT_OUT })).toMatchObject({ code: 1 });
    await query(url.href, `INSERT INTO auth."Project" VALUES ('internal')`);
    expect(await release('migrate', { url: url.href, backend, id: 'r2', env: LEFT_OUT })).toMatchObject({ code: 0 });
  });
});

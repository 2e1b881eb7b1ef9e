/**
 * @module-tag needs-go
 * @module-tag needs-psql
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Backups, makeBackups } from '../support/backups';
import { BUILD_TIMEOUT } from '../support/go-tool';
import { freePort, type Postgres, startPostgres } from '../support/postgres';
import { connected, newDatabase, query } from '../support/release';

vi.setConfig({ testTimeout: 120_000 });

/** The oldest major that the server supports: its tools are in every Debian, and no newer server's can be asked by them. */
let server: Postgres;
let backups: Backups;

beforeAll(async () => {
  server = await startPostgres(15);
  (await makeBackups()).remove();
}, BUILD_TIMEOUT);
afterAll(() => server.stop());
beforeEach(async () => {
  backups = await makeBackups();
});
afterEach(() => backups.remove());

/** A database as the server leaves one, with everything that a dump has to bring back. */
async function filled(users = 3): Promise<string> {
  const url = await newDatabase(server);
  await query(
    url,
    `CREATE TABLE "SchemaMigration" ("migrationName" text PRIMARY KEY, "finishedAt" timestamptz);
     INSERT INTO "SchemaMigration" VALUES ('20250101_first', now()), ('20250202_second', now()), ('20250303_broken', NULL);
     CREATE TABLE "_HexclaveRelease" (id text PRIMARY KEY); INSERT INTO "_HexclaveRelease" VALUES ('r1');
     CREATE TABLE "_HexclaveMigrator" (id int PRIMARY KEY, holder text); INSERT INTO "_HexclaveMigrator" VALUES (1, 'somebody');
     CREATE TYPE plan AS ENUM ('free', 'paid'); CREATE DOMAIN short AS text CHECK (length(value) < 12);
     CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
     CREATE TABLE "Project" (id text PRIMARY KEY, plan plan, name short); INSERT INTO "Project" VALUES ('internal', 'paid', 'E$(x)%''"\\');
     CREATE TABLE "ProjectUser" (id serial PRIMARY KEY, n int, n2 int GENERATED ALWAYS AS (twice(n)) STORED);
     INSERT INTO "ProjectUser" (n) SELECT generate_series(1, ${users});
     CREATE VIEW users AS SELECT id FROM "ProjectUser";
     CREATE SCHEMA sync; CREATE TABLE sync.job AS SELECT 7 AS id`,
  );
  backups.migrations('20250101_first', '20250202_second');
  return url;
}

const users = async (url: string) => Number((await query(url, 'SELECT count(*) AS n FROM users'))[0]!.n);
const tag = (tags: readonly string[], name: string) => tags.find((item) => item.startsWith(`${name}=`));

describe('a backup', () => {
  test('comes back into an empty database as it was, with a manifest that says of what it is', async () => {
    const url = await filled();
    expect(await backups.run('backup', url)).toMatchObject({ code: 0 });
    const [snapshot] = await backups.list();
    expect(snapshot!.tags).toEqual([
      'hexclave',
      'kind=scheduled',
      'release=r1',
      'image=c-1',
      'ledger=20250202_second',
      expect.stringMatching(/^server=15\d{4}$/),
      expect.stringMatching(/^bytes=\d{7,}$/),
      'rows=Project:1;ProjectUser:3;SchemaMigration:3',
    ]);
    const other = await newDatabase(server);
    const { code, output } = await backups.run('restore', other);
    expect([code, output]).toEqual([0, expect.stringContaining('restored and counted')]);
    for (const statement of [
      'SELECT * FROM "Project"',
      'SELECT * FROM "ProjectUser"',
      'SELECT * FROM "_HexclaveRelease"',
      'SELECT * FROM sync.job',
    ]) {
      expect(await query(other, statement), statement).toEqual(await query(url, statement));
    }
    await query(other, 'INSERT INTO "ProjectUser" (n) VALUES (9)');
    // The lease of whoever migrated at that moment would hold the next migration back.
    expect(await query(other, 'SELECT * FROM "_HexclaveMigrator"')).toEqual([]);
  });

  test('is what there was when it began, whatever is written meanwhile', async () => {
    const url = await filled(20_000);
    const run = backups.start('backup', url);
    await run.said('begins:');
    await query(url, 'DELETE FROM "ProjectUser" WHERE id > 10');
    expect(await run.ended).toMatchObject({ code: 0 });
    const other = await newDatabase(server);
    expect(await backups.run('restore', other)).toMatchObject({ code: 0 });
    expect(await users(other)).toBe(20_000);
  });

  test('that pg_dump cannot finish leaves none behind, and a plain line', async () => {
    const url = await filled();
    const role = new URL(url);
    [role.username, role.password] = ['half', 'blind'];
    await query(url, `CREATE ROLE half LOGIN PASSWORD 'blind'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO half`);
    const { code, output } = await backups.run('backup', role.href);
    expect([code, output]).toEqual([1, expect.stringMatching(/permission denied for (schema sync|table job)/)]);
    expect(output).toContain('backup: no backup was made, and none is left half-made');
    expect(await backups.list()).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'that is ended half-way by %s leaves none, and the next one works',
    async (signal) => {
      const url = await filled(300_000);
      const run = backups.start('backup', url);
      await run.said('begins:');
      run.kill(signal);
      expect((await run.ended).code).not.toBe(0);
      expect(await backups.list()).toEqual([]);
      expect(await backups.run('backup', url)).toMatchObject({ code: 0 });
      expect(await backups.list()).toHaveLength(1);
      expect(await backups.restic('check', '--read-data')).toMatchObject({ code: 0 });
    },
  );

  test('into what is full leaves none, and says so', { tags: 'needs-unshare' }, async () => {
    const url = await filled();
    await query(url, 'CREATE TABLE noise AS SELECT md5(random()::text) FROM generate_series(1, 60000)');
    mkdirSync(backups.repository);
    const small = 'mount -t tmpfs -o size=600k tmpfs "$RESTIC_REPOSITORY" && exec "$@"';
    const within = ['unshare', '--mount', '--map-root-user', 'bash', '-c', small, 'bash'];
    const { code, output } = await backups.run('backup', url, {}, within);
    expect([code, output]).toEqual([1, expect.stringContaining('no space left on device')]);
    expect(output).toContain('no backup was made');
  });

  test('is refused with another password, by a store that does not answer, and by a database that does not know the role', async () => {
    const url = await filled();
    expect(await backups.run('backup', url)).toMatchObject({ code: 0 });
    const wrong = await backups.run('backup', url, { RESTIC_PASSWORD: 'another' });
    expect([wrong.code, wrong.output]).toEqual([
      1,
      expect.stringContaining('BACKUP_PASSWORD does not open the repository'),
    ]);
    const nobody = `s3:http://127.0.0.1:${await freePort()}/acme`;
    const key = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: randomBytes(9).toString('hex') };
    const away = await backups.run('backup', url, { RESTIC_REPOSITORY: nobody, ...key });
    expect([away.code, away.output]).toEqual([
      1,
      expect.stringMatching(/cannot be reached \(no answer in 3 s.*connection refused\)/),
    ]);
    const stranger = new URL(url);
    stranger.password = 'guessed';
    const refused = await backups.run('backup', stranger.href);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('the database refuses the login')]);
    expect(await backups.list()).toHaveLength(1);
  });

  test('of a database that is not the server’s is refused', async () => {
    const { code, output } = await backups.run('backup', await newDatabase(server));
    expect([code, output]).toEqual([1, expect.stringContaining('has no ledger of migrations')]);
  });

  test('waits for a database that is still starting', async () => {
    const url = await filled();
    await server.halt();
    const run = backups.start('backup', url, { WAIT_SECONDS: '60' });
    await run.said('waiting for the database');
    await server.resume();
    expect(await run.ended).toMatchObject({ code: 0 });
  });

  test('replaces earlier ones of its day, and none of before a migration', async () => {
    const url = await filled();
    for (const release of ['r2', 'r3']) {
      backups.migrations('20250101_first', '20250202_second', `2026_${release}`);
      await backups.run('backup', url, { KIND: 'before-migration', RELEASE_ID: release });
    }
    for (const _ of [1, 2, 3]) expect(await backups.run('backup', url)).toMatchObject({ code: 0 });
    const kept = (await backups.list()).map(({ tags }) => [tag(tags, 'kind'), tag(tags, 'release')]);
    expect(kept).toEqual([
      ['kind=before-migration', 'release=r3'],
      // restic keeps the oldest as well, as long as there are fewer days than are to be kept.
      ['kind=scheduled', 'release=r1'],
      ['kind=scheduled', 'release=r1'],
    ]);
  });
});

describe('the backup before a migration', () => {
  const before = { KIND: 'before-migration', RELEASE_ID: 'r2' };

  test('is taken when there is something to migrate, once for all attempts at it', async () => {
    const url = await filled();
    backups.migrations('20250101_first', '20250202_second', '20250303_broken', '20250404_new');
    const first = await backups.run('backup', url, before);
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('2 pending migrations: a backup first')]);
    const [snapshot] = await backups.list();
    expect(snapshot!.tags).toEqual(expect.arrayContaining(['kind=before-migration', 'release=r2']));
    const again = await backups.run('backup', url, before);
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('has its backup from an earlier attempt')]);
    expect(await backups.list()).toHaveLength(1);
  });

  test.each([
    ['there is nothing to migrate', filled, 'nothing to migrate'],
    ['nothing was ever migrated', () => newDatabase(server), 'nothing was ever migrated'],
  ])('is left out when %s, without asking for the repository', async (_, database, said) => {
    const url = await database();
    backups.migrations('20250101_first', '20250202_second');
    const { code, output } = await backups.run('backup', url, { ...before, RESTIC_REPOSITORY: '/nowhere/at/all' });
    expect([code, output]).toEqual([0, expect.stringContaining(said)]);
  });
});

describe('a restore', () => {
  test('goes over data only with the environment’s name, and then nothing of it is left', async () => {
    const url = await filled();
    await backups.run('backup', url);
    await query(
      url,
      `DELETE FROM "ProjectUser"; CREATE TABLE later (id int); CREATE SCHEMA later; CREATE TYPE later.x AS ENUM ('a')`,
    );
    for (const REPLACE of ['', 'production']) {
      const refused = await backups.run('restore', url, { REPLACE });
      expect([refused.code, refused.output]).toEqual([
        1,
        expect.stringMatching(/is not empty: it has \d+ tables.*--replace acme/),
      ]);
    }
    expect(await users(url)).toBe(0);
    expect(await backups.run('restore', url, { REPLACE: 'acme' })).toMatchObject({ code: 0 });
    expect(await users(url)).toBe(3);
    expect(await query(url, `SELECT to_regclass('later') AS a, to_regnamespace('later') AS b`)).toEqual([
      { a: null, b: null },
    ]);
  });

  test('refuses a backup of a newer release, and names the image that it needs', async () => {
    const url = await filled();
    await backups.run('backup', url, { IMAGE_TAG: 'c-2' });
    backups.migrations('20250101_first');
    const { code, output } = await backups.run('restore', await newDatabase(server));
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/20250202_second, which the image c-1 does not know.*image\.tag c-2 or newer/),
    ]);
  });

  test('leaves everything as it was when what comes back is not what was counted', async () => {
    const url = await filled();
    await backups.run('backup', url);
    const [snapshot] = await backups.list();
    const forged = snapshot!.tags.map((item) => item.replace('ProjectUser:3', 'ProjectUser:4'));
    await backups.restic('tag', '--set', forged.join(','));
    await query(url, 'INSERT INTO "ProjectUser" (n) VALUES (9)');
    const { code, output } = await backups.run('restore', url, { REPLACE: 'acme' });
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('the table ProjectUser has 3 rows after the restore, and the backup counted 4'),
    ]);
    expect(output).toContain('nothing was restored');
    expect(await users(url)).toBe(4);
  });

  test('that is killed half-way leaves everything as it was', async () => {
    const url = await filled(300_000);
    await backups.run('backup', url);
    await query(url, 'DELETE FROM "ProjectUser" WHERE id > 5');
    const run = backups.start('restore', url, { REPLACE: 'acme' });
    await run.said('restores');
    await new Promise((resolve) => setTimeout(resolve, 400));
    run.kill('SIGKILL');
    expect((await run.ended).code).not.toBe(0);
    expect(await users(url)).toBe(5);
  });

  test('waits for the server to leave the database, and refuses when it stays', async () => {
    const url = await filled();
    await backups.run('backup', url);
    await connected(url, async () => {
      const { code, output } = await backups.run('restore', url, { REPLACE: 'acme' });
      expect([code, output]).toEqual([1, expect.stringContaining('others are connected to the database')]);
    });
  });

  test('takes a backup by its name, and says which ones there are not', async () => {
    const url = await filled();
    await backups.run('backup', url);
    const [snapshot] = await backups.list();
    await query(url, 'DELETE FROM "ProjectUser"');
    backups.migrations('20250101_first', '20250202_second', '20250404_new');
    await backups.run('backup', url, { KIND: 'before-migration' });
    const other = await newDatabase(server);
    expect(await backups.run('restore', other, { BACKUP: snapshot!.short_id })).toMatchObject({ code: 0 });
    expect(await users(other)).toBe(3);
    const none = await backups.run('restore', await newDatabase(server), { BACKUP: 'deadbeef' });
    expect([none.code, none.output]).toEqual([1, expect.stringContaining('there is no backup deadbeef')]);
    const elsewhere = await backups.run('restore', await newDatabase(server), { ENVIRONMENT: 'staging' });
    expect([elsewhere.code, elsewhere.output]).toEqual([
      1,
      expect.stringContaining('there is no backup latest of staging'),
    ]);
  });
});

describe('the URL of the database', () => {
  test('reaches libpq with any password, and without what only the server’s driver knows', async () => {
    const url = new URL(await filled());
    for (const password of ['%word%', `'"\\:$(x) %41/@?#&=`, 'ü\\n\\x41', '  blank  ']) {
      await query(url.href, `ALTER ROLE postgres PASSWORD '${password.replaceAll("'", "''")}'`);
      const { host, pathname } = url;
      const text = `postgresql://postgres:${encodeURIComponent(password)}@${host}${pathname}?schema=public&connection_limit=5&pgbouncer=true&sslmode=disable`;
      url.password = encodeURIComponent(password);
      expect(await backups.run('backup', text), password).toMatchObject({ code: 0 });
    }
    const { password, host, pathname } = url;
    const split = `postgres://postgres:${password}@nowhere:1/none?host=127.0.0.1&port=${url.port}&dbname=${pathname.slice(1)}`;
    expect(await backups.run('backup', split), host).toMatchObject({ code: 0 });
  });
});

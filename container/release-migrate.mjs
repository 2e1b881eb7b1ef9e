// The migration Job: migrates, seeds and records the release.
//   node --input-type=module --eval "<this text and release-database.mjs, in one>"
// biome-ignore-all lint/style/useTemplate: Kubernetes and Flux rewrite what looks like a variable in a manifest.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  backend,
  database,
  explain,
  Failure,
  main,
  quoted,
  release,
  say,
  seconds,
  until,
  urlOf,
} from './release-database.mjs';

await main('migrate', migrate);

async function migrate() {
  if (!release) throw new Failure('RELEASE_ID is not set');
  let started = false;
  process.on('SIGTERM', () => {
    if (!started) process.exit(143);
    say('SIGTERM: going on to the end, for a killed CREATE INDEX CONCURRENTLY leaves an invalid index');
  });
  const db = database();
  const patience = seconds('WAIT_SECONDS', 300);
  await until(patience, () => db.transaction((query) => query('SELECT 1')).then(() => ''));
  await until(patience, clickhouse);
  await until(patience, () => createTables(db));
  const lease = await takeLease(db);
  started = true;
  try {
    for (const [step, toggle] of Object.entries({ migrate: 'STACK_RUN_MIGRATIONS', seed: 'STACK_RUN_SEED_SCRIPT' })) {
      if (process.env[toggle] === 'false') {
        say('step ' + step + ' is skipped, for ' + toggle + ' is false');
        if (step === 'seed') await until(patience, () => refuseUnseeded(db));
        continue;
      }
      await run(step);
      await until(patience, lease.check);
      if (step === 'migrate') await warnOfInvalidIndexes(db);
    }
    await until(patience, lease.recordRelease);
    say('release ' + release + ' is recorded, and its pods may start');
  } finally {
    await lease.giveBack();
  }
}

/** One step of the image's migration program. Nothing here stops it before its end. */
function run(step) {
  say('step ' + step + ' starts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/db-migrations.mjs', step], { cwd: backend, stdio: 'inherit' });
    const failed = (why) => reject(new Failure('step ' + step + ' failed (' + why + ')'));
    child.on('error', (error) => failed(explain(error)));
    child.on('exit', (code, signal) => (code === 0 ? resolve() : failed(signal || 'exit code ' + code)));
  });
}

/**
 * The right to migrate: a row that expires unless it is renewed. A session lock would leak in a connection pooler, and a
 * session that blocks on one keeps a CREATE INDEX CONCURRENTLY of the other from ever ending.
 */
async function takeLease({ transaction }) {
  const holder = 'release ' + release + ' in pod ' + hostname() + ' (run ' + randomUUID().slice(0, 8) + ')';
  const length = seconds('LEASE_SECONDS', 60);
  const claim =
    'INSERT INTO "_HexclaveMigrator" AS held (id, holder, until) ' +
    'VALUES (1, $1, clock_timestamp() + make_interval(secs => $2)) ' +
    'ON CONFLICT (id) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until ' +
    'WHERE held.until < clock_timestamp() OR held.holder = EXCLUDED.holder RETURNING 1';
  await until(Number.POSITIVE_INFINITY, () =>
    transaction(async (query) => {
      if ((await query(claim, holder, length)).length > 0) return '';
      const [other] = await query('SELECT holder FROM "_HexclaveMigrator"');
      return 'waiting for the lease' + (other ? ': held by ' + other.holder : '');
    }),
  );
  // No row any more means that another Job took the lease over, and may have given it back since.
  const renewal =
    'UPDATE "_HexclaveMigrator" SET until = clock_timestamp() + make_interval(secs => $2) WHERE holder = $1 RETURNING 1';
  async function renew(query) {
    const held = await query(renewal, holder, length);
    if (held.length === 0) throw new Failure('the lease was lost: another Job may have migrated at the same time');
  }
  // A renewal that fails is tried again at the next tick, and its outcome is asked for after each step.
  const timer = setInterval(() => transaction(renew).catch(() => {}), (length * 1000) / 6);
  return {
    check: () => transaction(renew),
    recordRelease: () =>
      transaction(async (query) => {
        // Locks the row, so nobody takes the lease over before the commit.
        await renew(query);
        const upsert = 'ON CONFLICT (id) DO UPDATE SET "finishedAt" = now()';
        await query('INSERT INTO "_HexclaveRelease" (id) VALUES ($1) ' + upsert, release);
      }),
    async giveBack() {
      clearInterval(timer);
      const gone = transaction((query) => query('DELETE FROM "_HexclaveMigrator" WHERE holder = $1', holder));
      await gone.catch((error) => say('the lease stays until it expires (' + explain(error) + ')'));
    },
  };
}

async function createTables({ transaction, schema }) {
  try {
    await transaction(async (query) => {
      const found = await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', schema);
      if (found.length === 0) await query('CREATE SCHEMA ' + quoted(schema));
      await query(
        'CREATE TABLE IF NOT EXISTS "_HexclaveRelease" (id text PRIMARY KEY, "finishedAt" timestamptz DEFAULT now())',
      );
      await query(
        'CREATE TABLE IF NOT EXISTS "_HexclaveMigrator" (id int PRIMARY KEY, holder text, until timestamptz)',
      );
    });
  } catch (error) {
    // IF NOT EXISTS does not hold between two sessions that create at the same moment.
    if (!['23505', '42P06', '42P07'].includes(error.code)) throw error;
    return 'another migrator is creating the tables';
  }
}

/** The first project comes from the seed, and no server is ever ready without one: the seed can be left out of upgrades alone. */
async function refuseUnseeded({ transaction }) {
  const seeded = await transaction(async (query) => {
    const [has] = await query('SELECT to_regclass($1) AS projects', '"Project"');
    return !has.projects || (await query('SELECT 1 FROM "Project" LIMIT 1')).length > 0;
  });
  if (!seeded) throw new Failure('this database was never seeded: set migration.seed to true for the first release');
}

/** A re-run finds such an index by its name, skips it and records success: only a person can mend it. */
async function warnOfInvalidIndexes({ transaction, schema }) {
  const invalid =
    "SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid " +
    'JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND n.nspname = $1 ORDER BY 1';
  try {
    for (const { name } of await transaction((query) => query(invalid, schema))) {
      say('warning: index ' + name + ' is invalid and a re-run skips it. By hand: DROP INDEX CONCURRENTLY ' + name);
      say('  and then its CREATE INDEX statement, to be found in ' + backend + '/prisma/migrations');
    }
  } catch (error) {
    say('warning: could not look for invalid indexes (' + explain(error) + ')');
  }
}

/** Any answer will do: whether its users and tables are right is for the migration to find out. */
async function clickhouse() {
  const url = urlOf('CLICKHOUSE_URL', 'http:', 'https:');
  // The migration itself says what it misses.
  if (!url) return '';
  url.username = url.password = url.search = '';
  url.pathname = url.pathname.replace(/\/*$/, '/ping');
  // Not fetch, which refuses some ports.
  const { get } = await import(url.protocol === 'https:' ? 'node:https' : 'node:http');
  return new Promise((resolve) => {
    const request = get(url, { timeout: 5000 }, (answer) => resolve(answer.destroy() && ''));
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', (error) => resolve('ClickHouse not ready (' + explain(error) + ')'));
  });
}

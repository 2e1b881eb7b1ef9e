// How a release reaches the database, and how its pods learn of it. Runs in the server's image, on the server's `pg`:
//   node --input-type=module --eval "<this text>" gate      init container: waits until this release is migrated
//   node --input-type=module --eval "<this text>" migrate   the migration Job: migrates, seeds, records the release
// biome-ignore-all lint/style/useTemplate: Kubernetes and Flux rewrite what looks like a variable in a manifest.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const mode = process.argv.at(-1);
const backend = process.env.BACKEND_DIR || '/app/apps/backend';
const release = process.env.RELEASE_ID || '';
const secrets = [];

/** Ends the run. Its message is ours, so it holds no secret. */
class Failure extends Error {}

process.on('uncaughtException', (error) => end(error));
if (mode === 'gate') await gate().catch(end);
else if (mode === 'migrate') await migrate().catch(end);
else end(new Failure('usage: node --input-type=module --eval "<release.mjs>" gate|migrate'), 64);
process.exit(0);

async function gate() {
  const proof = process.env.GATE || 'strict';
  if (proof === 'off') return;
  if (proof !== 'strict' && proof !== 'ledger') throw new Failure('GATE has to be strict, ledger or off');
  if (proof === 'strict' && !release) throw new Failure('RELEASE_ID is not set');
  process.on('SIGTERM', () => process.exit(143)); // PID 1 has no default action
  const { transaction } = database();
  const wanted = migrationsOfTheImage();
  await until(seconds('GATE_TIMEOUT_SECONDS', 7200), () =>
    transaction(async (query) => {
      const [has] = await query(
        'SELECT to_regclass($1) AS ledger, to_regclass($2) AS releases',
        '"SchemaMigration"',
        '"_HexclaveRelease"',
      );
      if (!has.ledger) return 'not migrated yet';
      const rows = await query('SELECT "migrationName" AS name FROM "SchemaMigration" WHERE "finishedAt" IS NOT NULL');
      const applied = new Set(rows.map((row) => row.name));
      const pending = wanted.filter((name) => !applied.has(name));
      if (pending.length > 0) return pending.length + ' migrations pending, next: ' + pending[0];
      if (proof === 'ledger') return '';
      const row = has.releases ? await query('SELECT 1 FROM "_HexclaveRelease" WHERE id = $1', release) : [];
      return row.length > 0 ? '' : 'schema is current; waiting for the migration Job of release ' + release;
    }),
  );
  say('the database is ready');
}

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
        await renew(query); // locks the row, so nobody takes the lease over before the commit
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

/** The server's database, in short transactions with a connection each: they work through a transaction pooler, too. */
function database() {
  const url = urlOf('DATABASE_CONNECTION_STRING', 'postgres:', 'postgresql:');
  if (!url) throw new Failure('STACK_DATABASE_CONNECTION_STRING is not set');
  const options = { connectionString: setting('DATABASE_CONNECTION_STRING'), application_name: 'hexclave-' + mode };
  Object.assign(options, { connectionTimeoutMillis: 5000, query_timeout: 7000 });
  let Client;
  try {
    Client = createRequire(backend + '/package.json')('pg').Client;
    secrets.push(new Client(options).password); // decoded; this also reads the certificates that the URL names
  } catch (error) {
    throw new Failure('STACK_DATABASE_CONNECTION_STRING or ' + backend + ' cannot be used (' + explain(error) + ')');
  }
  const schema = url.searchParams.get('schema') || 'public';
  async function transaction(work) {
    const client = new Client(options);
    client.on('error', () => {}); // a connection that breaks also rejects the query that waits on it
    try {
      await client.connect();
      // For this transaction only: PgBouncer refuses the limit as a connection option and would leak it as a setting.
      await client.query('BEGIN; SET LOCAL statement_timeout = 5000; SET LOCAL search_path = ' + quoted(schema));
      const result = await work(async (statement, ...values) => (await client.query(statement, values)).rows);
      await client.query('COMMIT');
      return result;
    } finally {
      await Promise.race([client.end().catch(() => {}), sleep(1000)]);
    }
  }
  return { transaction, schema };
}

/** Any answer will do: whether its users and tables are right is for the migration to find out. */
async function clickhouse() {
  const url = urlOf('CLICKHOUSE_URL', 'http:', 'https:');
  if (!url) return ''; // the migration itself says what it misses
  url.username = url.password = url.search = '';
  url.pathname = url.pathname.replace(/\/*$/, '/ping');
  const { get } = await import(url.protocol === 'https:' ? 'node:https' : 'node:http'); // fetch refuses some ports
  return new Promise((resolve) => {
    const request = get(url, { timeout: 5000 }, (answer) => resolve(answer.destroy() && ''));
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')));
    request.on('error', (error) => resolve('ClickHouse not ready (' + explain(error) + ')'));
  });
}

/** Folders only, for a lock file lies beside them. None at all would let every database pass. */
function migrationsOfTheImage() {
  const folder = backend + '/prisma/migrations';
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (names.length === 0) throw new Failure('there are no migrations in ' + folder);
  return names.sort();
}

/** Repeats the attempt until it has no reason left to wait. An error is a reason: the database may be starting. */
async function until(limit, attempt) {
  const deadline = performance.now() + limit * 1000;
  for (let said = ''; ; await sleep(2000)) {
    const reason = await attempt().catch((error) => {
      if (error instanceof Failure) throw error;
      return 'database not ready (' + explain(error) + ')';
    });
    if (!reason) return;
    if (reason !== said) say(reason);
    said = reason;
    if (performance.now() >= deadline) throw new Failure('gave up after ' + limit + ' s: ' + reason);
  }
}

/** A code can be looked up and gives nothing away; a message may quote what it was given. */
function explain(error) {
  const meanings = { '28P01': 'password refused', '3D000': 'no such database', 42501: 'permission denied' };
  const { code, message } = error;
  if (typeof code === 'string') return meanings[code] ? code + ', ' + meanings[code] : code;
  return secrets.some((secret) => secret && String(message).includes(secret)) ? 'message withheld' : String(message);
}

function urlOf(name, ...protocols) {
  const text = setting(name);
  if (!text) return undefined;
  secrets.push(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !protocols.includes(url.protocol)) {
    throw new Failure('STACK_' + name + ' is not a ' + protocols[0] + '// URL (is every special character encoded?)');
  }
  secrets.push(url.password);
  return url;
}

function setting(name) {
  return process.env['STACK_' + name] || process.env['HEXCLAVE_' + name];
}

function seconds(name, usual) {
  const value = Number(process.env[name] || usual);
  if (!(value > 0)) throw new Failure(name + ' has to be a number of seconds above 0');
  return value;
}

function quoted(name) {
  return '"' + name.replaceAll('"', '""') + '"';
}

function say(text) {
  console.log(mode + ': ' + text);
}

function end(error, code = 1) {
  console.error(mode + ': ' + (error instanceof Failure ? error.message : explain(error)));
  process.exit(code);
}

import { hostname } from 'node:os';
import pg from 'pg';

// HOSTNAME is 0.0.0.0 inside the servers; the kernel still knows the pod's name.
export const pod = hostname();

/** Connections to the configured database, in the schema that a Prisma URL names. */
export function connect() {
  const url = process.env.STACK_DATABASE_CONNECTION_STRING;
  if (!url) throw new Error('Missing environment variable STACK_DATABASE_CONNECTION_STRING');
  const schema = new URL(url).searchParams.get('schema') ?? 'public';
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    // The vendor's scripts never close their pool, so each run ends only when its idle connections do.
    idleTimeoutMillis: scaled(10_000),
    options: `-c search_path="${schema}"`,
    application_name: 'stand-in',
  });
  pool.on('error', () => {});
  return pool;
}

/** What a real duration lasts here: tests shorten the server's minutes. */
export function scaled(milliseconds) {
  return milliseconds * Number(process.env.STAND_IN_TIME_SCALE ?? 1);
}

/** `STAND_IN_FAULT=name` or `name:seconds`: the number when this fault is switched on, else undefined. */
export function fault(name) {
  const [which, value] = (process.env.STAND_IN_FAULT ?? '').split(':');
  return which === name ? Number(value ?? 0) : undefined;
}

/** Writes down what this process was asked to do; tests read the table. Returns what to call when it is done. */
export async function record(pool, entry) {
  table ??= createTable(pool);
  await table;
  const row = { pod, ...entry };
  const names = Object.keys(row);
  const { rows } = await pool.query(
    `INSERT INTO "_StandInLog" (${names.map((name) => `"${name}"`)}) VALUES (${names.map((_, i) => `$${i + 1}`)}) RETURNING id`,
    Object.values(row),
  );
  return (status) =>
    pool.query('UPDATE "_StandInLog" SET "finishedAt" = clock_timestamp(), status = $2 WHERE id = $1', [
      rows[0].id,
      status,
    ]);
}

let table;

async function createTable(pool) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(1)'); // two that create one table at once collide, even with IF NOT EXISTS
    await client.query(`CREATE TABLE IF NOT EXISTS "_StandInLog" (
      id bigserial PRIMARY KEY, kind text NOT NULL, pod text NOT NULL, "startedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
      "finishedAt" timestamptz, method text, path text, query text, status int, "bearerOk" boolean, "userAgent" text)`);
    await client.query('COMMIT');
  } catch (error) {
    table = undefined;
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

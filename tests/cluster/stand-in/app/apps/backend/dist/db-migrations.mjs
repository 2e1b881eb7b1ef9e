import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, fault, record } from './database.mjs';
import { seed } from './seed.mjs';

// The vendor's script drains on SIGTERM but never exits: only SIGKILL ends it.
process.on('SIGTERM', () => console.log('SIGTERM received'));

const commands = { migrate: [migrate, clickhouse], seed: [seed], init: [migrate, clickhouse, seed] };
const steps = commands[process.argv[2]];
if (!steps) {
  console.error(`unknown command ${process.argv[2]}`);
  process.exit(1);
}
const pool = connect();
try {
  const done = await record(pool, { kind: process.argv[2] });
  try {
    for (const step of steps) await step(pool);
    await done(0);
  } catch (error) {
    await done(1);
    throw error;
  }
  console.log(`${process.argv[2]} done`);
} catch (error) {
  console.error(error);
  process.exit(1);
}

async function migrate(pool) {
  await pool.query(`CREATE TABLE IF NOT EXISTS "SchemaMigration" (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "finishedAt" timestamp NOT NULL, "migrationName" text NOT NULL UNIQUE)`);
  if (fault('failing-migration') !== undefined) throw new Error('migration failed, as STAND_IN_FAULT asks');
  const folder = `${process.cwd()}/prisma/migrations`;
  const names = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/migration.sql`));
  let delay = fault('slow-migration') ?? 0;
  for (const name of names.sort()) {
    if (await apply(pool, name, readFileSync(`${folder}/${name}/migration.sql`, 'utf8'), delay)) delay = 0;
  }
}

/** One transaction and one lock per migration; who comes second finds it applied and goes on. */
async function apply(pool, name, sql, delay) {
  const client = await pool.connect();
  try {
    if (await applied(client, name)) return false;
    // CREATE INDEX CONCURRENTLY cannot run in a transaction: such a file runs on a connection of its own.
    const outside = sql.startsWith('-- outside the transaction');
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(59129034)');
    if (await applied(client, name)) {
      console.log(`${name}: already applied, skipping`);
      await client.query('ROLLBACK');
      return false;
    }
    if (delay) await sleep(delay * 1000);
    await (outside ? pool : client).query(sql);
    await client.query('INSERT INTO "SchemaMigration" ("migrationName", "finishedAt") VALUES ($1, now())', [name]);
    await client.query('COMMIT');
    console.log(`${name}: applied`);
    return true;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`migration ${name} failed`, { cause: error });
  } finally {
    client.release();
  }
}

async function applied(client, name) {
  // No parameter: the portal that one opens keeps its snapshot, for which a concurrent index build waits without end.
  const { rowCount } = await client.query(
    `SELECT 1 FROM "SchemaMigration" WHERE "migrationName" = ${client.escapeLiteral(name)}`,
  );
  return rowCount > 0;
}

/** Runs at the end of every migrate, whatever Postgres had to do; without a URL the run fails after Postgres is done. */
async function clickhouse() {
  const {
    STACK_CLICKHOUSE_URL: url,
    STACK_CLICKHOUSE_ADMIN_USER: user,
    STACK_CLICKHOUSE_ADMIN_PASSWORD: password,
  } = process.env;
  for (const name of [
    'STACK_CLICKHOUSE_URL',
    'STACK_CLICKHOUSE_ADMIN_PASSWORD',
    'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
  ]) {
    if (!process.env[name]) throw new Error(`Missing environment variable ${name}`);
  }
  const headers = { 'X-ClickHouse-User': user || 'stackframe', 'X-ClickHouse-Key': password };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: 'CREATE DATABASE IF NOT EXISTS analytics_internal',
  });
  if (!response.ok) throw new Error(`ClickHouse answered ${response.status}: ${await response.text()}`);
}

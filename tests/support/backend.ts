import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The image's apps/backend as far as migrations are concerned: prisma/migrations with its lock
 * file, `pg`, and a dist/db-migrations.mjs that applies what its ledger `"SchemaMigration"` does not hold yet. By its
 * environment it can be told to hold a step until `go`, to fail in one (`FAILS`) or to be killed in one (`KILLED`).
 */
export interface Backend {
  readonly folder: string;
  /** What the steps of all runs did, in order: `<release> <step> begins` and `<release> <step> ends`. */
  events(): string[];
  /** Lets a step that runs with `HOLD=<step>` go on to its end. */
  go(): void;
  remove(): void;
}

const PROGRAM = `
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

const step = process.argv[2];
const env = process.env;
const say = (what) => appendFileSync('events', env.RELEASE_ID + ' ' + step + ' ' + what + '\\n');
process.on('SIGTERM', () => say('gets SIGTERM')); // handled and not obeyed, as by the image's program

say('begins');
if (step === 'migrate') await migrate();
console.log('the ' + step + ' program is running');
while (env.HOLD === step && !existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50));
say('ends');
if (env.KILLED === step) process.kill(process.pid, 'SIGKILL');
process.exit(env.FAILS === step ? 3 : 0);

async function migrate() {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: env.STACK_DATABASE_CONNECTION_STRING });
  await client.connect();
  const schema = new URL(env.STACK_DATABASE_CONNECTION_STRING).searchParams.get('schema') ?? 'public';
  await client.query('SET search_path TO ' + client.escapeIdentifier(schema));
  await client.query('CREATE TABLE IF NOT EXISTS "SchemaMigration" ("id" text NOT NULL DEFAULT gen_random_uuid() ' +
    'PRIMARY KEY, "finishedAt" timestamp(3) NOT NULL, "migrationName" text NOT NULL UNIQUE)');
  for (const name of readdirSync('prisma/migrations').sort()) {
    if (!statSync('prisma/migrations/' + name).isDirectory()) continue;
    const known = await client.query('SELECT 1 FROM "SchemaMigration" WHERE "migrationName" = $1', [name]);
    if (known.rowCount > 0) continue;
    await client.query(readFileSync('prisma/migrations/' + name + '/migration.sql', 'utf8'));
    await client.query('INSERT INTO "SchemaMigration" ("migrationName", "finishedAt") VALUES ($1, now())', [name]);
  }
  await client.end();
}
`;

/** Makes such a folder with these migrations: name and SQL. */
export function makeBackend(migrations: Record<string, string>): Backend {
  const folder = mkdtempSync(join(tmpdir(), 'backend-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules'));
  const pg = dirname(createRequire(import.meta.url).resolve('pg/package.json'));
  symlinkSync(pg, join(folder, 'node_modules', 'pg'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'db-migrations.mjs'), PROGRAM);
  writeFileSync(join(folder, 'events'), '');
  mkdirSync(join(folder, 'prisma', 'migrations'), { recursive: true });
  writeFileSync(join(folder, 'prisma', 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(folder, 'prisma', 'migrations', name));
    writeFileSync(join(folder, 'prisma', 'migrations', name, 'migration.sql'), sql);
  }
  return {
    folder,
    events: () => readFileSync(join(folder, 'events'), 'utf8').split('\n').filter(Boolean),
    go: () => writeFileSync(join(folder, 'go'), ''),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

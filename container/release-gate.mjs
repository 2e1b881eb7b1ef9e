// Init container of every server pod: waits until the database says that this release is migrated.
//   node --input-type=module --eval "<this text and release-database.mjs, in one>"
// biome-ignore-all lint/style/useTemplate: Kubernetes and Flux rewrite what looks like a variable in a manifest.
import { existsSync, readdirSync } from 'node:fs';
import { backend, database, Failure, main, release, say, seconds, until } from './release-database.mjs';

await main('gate', gate);

async function gate() {
  const proof = process.env.GATE || 'strict';
  if (proof === 'off') return;
  if (proof !== 'strict' && proof !== 'ledger') throw new Failure('GATE has to be strict, ledger or off');
  if (proof === 'strict' && !release) throw new Failure('RELEASE_ID is not set');
  // PID 1 has no default action.
  process.on('SIGTERM', () => process.exit(143));
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

/** Folders only, for a lock file lies beside them. None at all would let every database pass. */
function migrationsOfTheImage() {
  const folder = backend + '/prisma/migrations';
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (names.length === 0) throw new Failure('there are no migrations in ' + folder);
  return names.sort();
}

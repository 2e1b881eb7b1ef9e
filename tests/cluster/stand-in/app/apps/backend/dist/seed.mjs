import { createHash, randomUUID } from 'node:crypto';
import { fault } from './database.mjs';

/** Upserts the internal project and its keys on every run; the admin user is made once, and not atomically. */
export async function seed(pool) {
  const keys = internalKeys();
  const domain = new URL(process.env.NEXT_PUBLIC_STACK_DASHBOARD_URL).origin;
  if (fault('failing-seed') !== undefined) throw new Error('seed failed, as STAND_IN_FAULT asks');
  const signUp = process.env.STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED === 'true';
  await pool.query(
    `INSERT INTO "Project" (id, "displayName", "signUpEnabled") VALUES ('internal', 'Dashboard', $1)
     ON CONFLICT (id) DO UPDATE SET "signUpEnabled" = $1`,
    [signUp],
  );
  for (const [kind, value] of Object.entries(keys)) {
    await pool.query(
      `INSERT INTO "ApiKey" ("projectId", kind, value) VALUES ('internal', $1, $2)
       ON CONFLICT ("projectId", kind) DO UPDATE SET value = $2`,
      [kind, value],
    );
  }
  // A changed URL is added, the old one stays.
  await pool.query(`INSERT INTO "TrustedDomain" ("projectId", domain) VALUES ('internal', $1) ON CONFLICT DO NOTHING`, [
    domain,
  ]);
  await adminUser(pool);
}

/** The keys by kind, each under the spelling that this generation of the image reads. */
export function internalKeys(env = process.env) {
  const kinds = ['PUBLISHABLE_CLIENT', 'SECRET_SERVER', 'SUPER_SECRET_ADMIN'];
  return Object.fromEntries(
    kinds.map((kind) => {
      const seedName = `STACK_SEED_INTERNAL_PROJECT_${kind}_KEY`;
      const plain = env.STAND_IN_GENERATION === 'A' ? undefined : env[`STACK_INTERNAL_PROJECT_${kind}_KEY`];
      const value = plain || env[seedName];
      if (!value) throw new Error(`Missing environment variable ${seedName}`);
      return [kind, value];
    }),
  );
}

async function adminUser(pool) {
  const email = process.env.STACK_SEED_INTERNAL_PROJECT_USER_EMAIL;
  const password = process.env.STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD;
  if (!email || !password) return;
  if ((await pool.query('SELECT 1 FROM "ProjectUser"')).rowCount) {
    console.log('admin user already exists, skipping');
    return;
  }
  const id = randomUUID();
  await pool.query('INSERT INTO "ProjectUser" (id) VALUES ($1)', [id]);
  // A refusal here leaves the row behind: no later run mends it, and nobody can sign in.
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new Error('invalid e-mail address of the admin user');
  if (password.length < 8 || password.length > 70)
    throw new Error('password of the admin user is not 8 to 70 characters');
  const hash = createHash('sha256').update(password).digest('hex');
  await pool.query('UPDATE "ProjectUser" SET email = $2, "passwordHash" = $3 WHERE id = $1', [id, email, hash]);
}

/** What a new value of a secret variable breaks, and what to do beside rolling it out. */
export interface Rotation {
  /** What stops working, for whom and for how long. One sentence or more. */
  readonly breaks: string;
  /** To be done before the new value reaches the pods. */
  readonly before?: readonly string[];
  /** To be done when the rollout is complete. */
  readonly after?: readonly string[];
}

/** What a new value of this variable breaks (docs/explanation/server.md#migrations-and-seed). */
export function rotationOf(variable: string): Rotation {
  return Object.hasOwn(rotations, variable) ? rotations[variable]! : ISSUED;
}

/** A credential of another service: the safe order is the same for all. */
const ISSUED: Rotation = {
  breaks:
    'Pods read the value when they start: until the rollout is complete some use the old one, which has to stay valid so long.',
  before: ['Get the new credential from the service that issues it, and leave the old one valid.'],
  after: ['Revoke the old credential.'],
};

const internalKey = (who: string): Rotation => ({
  breaks: `The migration Job’s seed puts the new key into the database; from then on pods with the old one are refused, so the dashboard fails until the rollout is complete. ${who}`,
});

const database = (after: string): Rotation => ({
  breaks:
    'Connections that are open stay so. With the password of the same role changed, old pods cannot open new ones, and requests fail until the rollout is complete; with a second role nothing fails.',
  before: ['In PostgreSQL make a second role with the same rights, and use it in the new URL.'],
  after: [after],
});

const rotations: Readonly<Record<string, Rotation>> = {
  STACK_SERVER_SECRET: {
    breaks:
      'Every session ends and everybody has to sign in again: tokens are signed with keys that are derived from it, and the published signing keys (JWKS) change with them. While old and new pods run side by side each refuses the other’s tokens. The fingerprints of all secrets are keyed with it, so all count as changed and the migration Job runs once more.',
    before: ['Choose a quiet hour.'],
    after: ['Have applications that verify tokens themselves fetch the signing keys (JWKS) again, or restart them.'],
  },
  CRON_SECRET: {
    breaks:
      'CronJobs send the new token at their next tick, while old pods still expect the old one: until the rollout is complete those calls fail, so queued e-mail and syncs wait.',
    after: ['Give the new token to whatever calls the maintenance endpoints from outside, if anything does.'],
  },
  STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: internalKey(
    'Dashboard pages that are open in a browser carry the old key and have to be reloaded.',
  ),
  STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: internalKey(
    'Scripts of yours that use the key are refused at the same moment.',
  ),
  STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY: internalKey(
    'Scripts of yours that administer the installation with it are refused at the same moment.',
  ),
  STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: {
    breaks:
      'Nothing, and it protects nothing by itself: the seed reads the password only when it creates the administrator, so on an installation that has one the old password stays valid.',
    after: [
      'The account gets it from you: in the dashboard, signed in with the old one, or by npx cdk8s-hexclave admin reset <name> --apply, which needs no old one.',
    ],
  },
  STACK_CLICKHOUSE_EXTERNAL_PASSWORD: {
    breaks:
      'The first migration created the ClickHouse user limited_user with the old password, and no later one changes it: analytics queries of the dashboard fail as long as user and variable differ.',
    before: [
      "As ClickHouse’s admin, with the new value: ALTER USER limited_user IDENTIFIED WITH sha256_password BY '…'",
    ],
  },
  STACK_CLICKHOUSE_ADMIN_PASSWORD: {
    breaks:
      'Nothing changes the user in ClickHouse for you. As long as user and variable differ the migration Job fails and events are lost; signing in goes on.',
    before: ['In ClickHouse change the password of the user in STACK_CLICKHOUSE_ADMIN_USER to the new value.'],
  },
  STACK_DATABASE_CONNECTION_STRING: database('Drop the old role when no pod uses it any more.'),
  STACK_DATABASE_REPLICA_CONNECTION_STRING: database('Drop the old role when no pod uses it any more.'),
  MIGRATION_DATABASE_CONNECTION_STRING: {
    breaks:
      'Only the migration Job reads it. A change is a new release: its Job runs once more, and the new pods wait for it.',
    before: ['In PostgreSQL set the new password, or make a second owner.'],
  },
};

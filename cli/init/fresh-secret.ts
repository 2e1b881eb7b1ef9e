import { randomBytes } from 'node:crypto';
import { RENDERER_KEY_PREFIX } from '../../config/stores/renderer';

/** A new value for a secret of the server that only has to be random; undefined for one that somebody issues. */
export function freshSecret(name: string): string | undefined {
  return Object.hasOwn(ofServer, name) ? ofServer[name]!() : undefined;
}

/** A new value for a secret of a store that runs in the namespace; with one outside, its owner issues it. */
export function freshStoreSecret(name: string): string {
  return Object.hasOwn(ofStores, name) ? ofStores[name]!() : base64url(32);
}

const ofServer: Readonly<Record<string, () => string>> = {
  // The server derives its signing keys from exactly this form.
  STACK_SERVER_SECRET: () => base64url(32),
  CRON_SECRET: () => hex(32),
  // Hex, because the entrypoint puts them into the dashboard's files with sed.
  STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: () => hex(32),
  STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: () => hex(32),
  STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY: () => hex(32),
  // 32 characters: the seed leaves an administrator who can never sign in when there are more than 70.
  STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: () => base64url(24),
  STACK_CLICKHOUSE_EXTERNAL_PASSWORD: () => base64url(32),
  BACKUP_PASSWORD: () => base64url(32),
};

const ofStores: Readonly<Record<string, () => string>> = {
  POSTGRES_PASSWORD: () => hex(32),
  STACK_EMAIL_PASSWORD: () => base64url(24),
  STACK_S3_ACCESS_KEY_ID: () => hex(10),
  STACK_S3_SECRET_ACCESS_KEY: () => hex(20),
  // Known by its beginning, so that it is not taken for a key of Freestyle.
  STACK_FREESTYLE_API_KEY: () => `${RENDERER_KEY_PREFIX}${base64url(32)}`,
  SVIX_JWT_SECRET: () => hex(32),
  SVIX_DATABASE_PASSWORD: () => hex(32),
};

function base64url(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

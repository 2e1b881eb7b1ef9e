import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { manifests } from '../../charts/hexclave';
import type { Environment } from '../../config/environment';
import { type Loaded, loadEnvironment } from '../../config/load';

/** The three files of an environment, as a test writes them. */
export interface Files {
  readonly name?: string;
  readonly yaml: string;
  readonly config: Record<string, string>;
  /** @default - no secrets.env */
  readonly secrets?: Record<string, string>;
  /** Further files of the folder, such as secrets.sealed.yaml. @default - none */
  readonly others?: Record<string, string>;
}

/**
 * A made-up credential: derived from its label, so that snapshots do not change from run to run and no credential stands
 * in the repository.
 */
export function madeUp(label: string, length = 64): string {
  return createHash('sha256').update(`hexclave test fixture: ${label}`).digest('hex').slice(0, length);
}

/** The variables of the vendor's guide under "At minimum, set", with values as a careful user would fill them in. */
export const guideConfig: Record<string, string> = {
  NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.test',
  NEXT_PUBLIC_STACK_DASHBOARD_URL: 'https://auth.acme.test',
  STACK_CLICKHOUSE_URL: 'http://hexclave-clickhouse:8123',
  STACK_CLICKHOUSE_DATABASE: 'analytics',
  STACK_CLICKHOUSE_ADMIN_USER: 'stackframe',
  STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin@acme.test',
  STACK_SEED_INTERNAL_PROJECT_USER_INTERNAL_ACCESS: 'true',
  STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'false',
};

export const guideSecrets: Record<string, string> = {
  STACK_DATABASE_CONNECTION_STRING: `postgresql://postgres:${madeUp('database', 32)}@hexclave-postgres:5432/stackframe`,
  STACK_SERVER_SECRET: Buffer.from(madeUp('server secret'), 'hex').toString('base64url'),
  CRON_SECRET: madeUp('cron'),
  STACK_CLICKHOUSE_ADMIN_PASSWORD: madeUp('clickhouse admin', 40),
  STACK_CLICKHOUSE_EXTERNAL_PASSWORD: madeUp('clickhouse external', 40),
  STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: madeUp('publishable'),
  STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: madeUp('secret server'),
  STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY: madeUp('super secret'),
  STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: madeUp('admin password', 24),
};

/** The same without what stores in the namespace set, and with their own secrets. */
const { STACK_CLICKHOUSE_URL, STACK_CLICKHOUSE_DATABASE, STACK_CLICKHOUSE_ADMIN_USER, ...config } = guideConfig;
const { STACK_DATABASE_CONNECTION_STRING, ...secrets } = guideSecrets;
export const bundledConfig: Record<string, string> = config;
export const operatorSecrets: Record<string, string> = secrets;
export const bundledSecrets: Record<string, string> = {
  ...secrets,
  POSTGRES_PASSWORD: `${madeUp('bundled database', 24)} !"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`,
};

/** Loads an environment from a temporary folder that is gone afterwards. */
export function load(files: Files): Loaded {
  const root = mkdtempSync(join(tmpdir(), 'hexclave-case-'));
  try {
    const folder = join(root, files.name ?? 'production');
    mkdirSync(folder);
    writeFileSync(join(folder, 'environment.yaml'), files.yaml);
    writeFileSync(join(folder, 'config.env'), envText(files.config));
    if (files.secrets) writeFileSync(join(folder, 'secrets.env'), envText(files.secrets));
    for (const [name, text] of Object.entries(files.others ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return loadEnvironment(folder);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The environment of files that have no errors; fails with the findings otherwise. */
export function environmentOf(files: Files): Environment {
  const { environment, findings } = load(files);
  if (!environment) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    throw new Error(JSON.stringify(errors, null, 2));
  }
  return environment;
}

/** The manifests of files that have no errors. */
export function synthesize(files: Files): ReadonlyMap<string, string> {
  return manifests(environmentOf(files));
}

export function envText(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

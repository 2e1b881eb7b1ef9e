import { fresh, freshServerSecret } from '../../support/draft';
import { type Case, ELSEWHERE, EXISTING } from './case';

const same = fresh();
const sample = ['replace', 'with', 'a', 'long', 'random', 'secret'].join('-');
const well = 'pass'.concat('word');

/** Keys and passwords, samples, and what is too big. */
export const secrets: Readonly<Record<string, Case>> = {
  'sample-value': {
    trips: [
      { secrets: { CRON_SECRET: sample } },
      { secrets: { STACK_CLICKHOUSE_ADMIN_PASSWORD: well } },
      { secrets: { STACK_DATABASE_CONNECTION_STRING: `postgresql://postgres:${well}@db:5432/stackframe` } },
      { secrets: { STACK_FREESTYLE_API_KEY: 'mock_stack_freestyle_key' } },
      { secrets: { STACK_QSTASH_CURRENT_SIGNING_KEY: 'sig_7kYjw48mabc' } },
      { config: { STACK_EMAIL_USERNAME: '...' } },
      { config: { STACK_GITHUB_CLIENT_ID: 'MOCK' } },
      { config: { SOMETHING_ELSE: '<your value>' } },
    ],
    spares: [
      { config: { STACK_EMAILABLE_API_KEY: 'disable_email_validation' } },
      { secrets: { STACK_DATABASE_CONNECTION_STRING: `postgresql://postgres:${fresh()}@password:5432/password` } },
      { secrets: { STACK_DATABASE_CONNECTION_STRING: `postgresql://postgres:%zz${fresh()}@db:5432/stackframe` } },
      { config: { STACK_EMAIL_USERNAME: 'postgres' } },
      { secrets: { STACK_EMAIL_PASSWORD: `${well}${fresh()}` } },
    ],
  },
  'example-host': {
    trips: [
      { config: { NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.example.com' } },
      { config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin@example.com' } },
      { secrets: { STACK_DATABASE_CONNECTION_STRING: `postgresql://a:${fresh()}@db.example.org:5432/a` } },
    ],
    spares: [
      { config: { NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.my-example.com' } },
      { config: { NEXT_PUBLIC_STACK_API_URL: 'https://example.com.acme.dev' } },
    ],
  },
  'server-secret-weak': {
    trips: [
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(31) } },
      { secrets: { STACK_SERVER_SECRET: `${freshServerSecret()}!` } },
      { secrets: { STACK_SERVER_SECRET: `"${freshServerSecret()}"` } },
      { secrets: { STACK_SERVER_SECRET: 'ab'.repeat(22) } },
    ],
    spares: [
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(32) } },
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(64) } },
      { settings: EXISTING },
    ],
  },
  'server-secret-form': {
    trips: [
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(33) } },
      { secrets: { STACK_SERVER_SECRET: `${freshServerSecret()}=` } },
      { secrets: { STACK_SERVER_SECRET: `+/${freshServerSecret().replace(/[-_]/g, 'a').slice(2)}` } },
    ],
    spares: [
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(32) } },
      { secrets: { STACK_SERVER_SECRET: freshServerSecret(31) } },
    ],
  },
  'admin-password-length': {
    trips: [
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: fresh().slice(0, 7) } },
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: (fresh() + fresh()).slice(0, 71) } },
    ],
    spares: [
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: fresh().slice(0, 8) } },
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: (fresh() + fresh()).slice(0, 70) } },
    ],
  },
  'header-secret-characters': {
    trips: [
      { secrets: { CRON_SECRET: `${fresh()} ${fresh()}` } },
      { secrets: { STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: `${fresh()}é` } },
    ],
    spares: [{ secrets: { CRON_SECRET: `${fresh()}!"$%` } }],
  },
  'seed-key-characters': {
    trips: ['|', '&', '\\', '"'].map((character) => ({
      secrets: { STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: `${fresh()}${character}` },
    })),
    spares: [
      { secrets: { STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: `${fresh()}+/=-_` } },
      { secrets: { STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: `${fresh()}&` } },
    ],
  },
  'seed-keys-equal': {
    trips: [
      {
        secrets: {
          STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: same,
          STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY: same,
        },
      },
    ],
    spares: [
      { secrets: { CRON_SECRET: same, STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: same } },
      {
        secrets: {
          STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: same,
          STACK_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: same,
        },
      },
    ],
  },
  'secret-reused': {
    trips: [{ secrets: { CRON_SECRET: same, STACK_CLICKHOUSE_EXTERNAL_PASSWORD: same } }],
    spares: [
      { secrets: { STACK_S3_ACCESS_KEY_ID: same, STACK_S3_SECRET_ACCESS_KEY: same } },
      { settings: EXISTING, env: { CRON_SECRET: ELSEWHERE, STACK_CLICKHOUSE_EXTERNAL_PASSWORD: ELSEWHERE } },
    ],
  },
  'secret-short': {
    trips: [{ secrets: { CRON_SECRET: fresh().slice(0, 15) } }],
    spares: [
      { secrets: { CRON_SECRET: fresh().slice(0, 16) } },
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: fresh().slice(0, 10) } },
    ],
  },
  'page-value-characters': {
    trips: [
      { config: { NEXT_PUBLIC_POSTHOG_KEY: '"none"' } },
      { env: { NEXT_PUBLIC_STACK_STRIPE_PUBLISHABLE_KEY: 'pk\nlive' } },
    ],
    spares: [{ config: { NEXT_PUBLIC_STACK_HEAD_TAGS: '[{"tagName":"meta"}]' } }],
  },
  'value-too-long': {
    trips: [{ env: { NODE_OPTIONS: 'x'.repeat(128 * 1024 - 'NODE_OPTIONS='.length) } }],
    spares: [{ env: { NODE_OPTIONS: 'x'.repeat(128 * 1024 - 'NODE_OPTIONS='.length - 1) } }],
  },
  'annotations-too-big': {
    trips: [
      { settings: { annotations: { a: 'x'.repeat(250_000) } } },
      { settings: { annotations: Object.fromEntries([...'abcdefghij'].map((key) => [key, 'x'.repeat(30_000)])) } },
      {
        settings: {
          annotations: { a: 'x'.repeat(130_000) },
          edge: { annotations: { b: 'x'.repeat(130_000) }, tls: { external: true } },
        },
      },
    ],
    spares: [{ settings: { annotations: { a: 'x'.repeat(120_000), b: 'x'.repeat(120_000) } } }],
  },
  'values-too-big': {
    trips: [
      // Each fits, and Linux starts no program with both.
      Object.fromEntries(
        ['config', 'secrets'].map((file) => [
          file,
          Object.fromEntries([...'ABCDEFGHIJKLMNO'].map((name) => [`${file}_${name}`, 'x'.repeat(63_000)])),
        ]),
      ),
      { config: Object.fromEntries(['A', 'B', 'C', 'D'].map((name) => [`BIG_${name}`, 'x'.repeat(60_000)])) },
      { secrets: Object.fromEntries([...'ABCDEFGHIJKLMNOPQR'].map((name) => [`BIG_${name}`, 'x'.repeat(60_000)])) },
    ],
    spares: [
      {
        config: { BIG_A: 'x'.repeat(60_000), BIG_B: 'x'.repeat(60_000) },
        secrets: { BIG_C: 'x'.repeat(60_000), BIG_D: 'x'.repeat(60_000) },
      },
    ],
  },
};

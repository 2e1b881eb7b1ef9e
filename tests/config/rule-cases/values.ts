import type { Case } from './case';

/** The form of single values. */
export const values: Readonly<Record<string, Case>> = {
  'boolean-literal': {
    trips: [
      { config: { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'True' } },
      { config: { STACK_DISABLE_BOT_CHALLENGE: '1' } },
    ],
    spares: [{ config: { STACK_DISABLE_BOT_CHALLENGE: 'true' } }, { config: { STACK_DISABLE_BOT_CHALLENGE: '' } }],
  },
  'integer-value': {
    trips: [
      { config: { STACK_DEFAULT_EMAIL_CAPACITY_PER_HOUR: 'many' } },
      { config: { HEXCLAVE_MAX_REQUEST_BODY_SIZE_BYTES: '4.5' } },
      { config: { STACK_EXTERNAL_DB_SYNC_POLL_CLAIM_LIMIT: '0' } },
    ],
    spares: [{ config: { HEXCLAVE_MAX_REQUEST_BODY_SIZE_BYTES: '4718592' } }],
  },
  'port-value': {
    trips: [{ config: { STACK_EMAIL_PORT: '65536' } }, { config: { HEXCLAVE_CLICKHOUSE_PUBLIC_HTTPS_PORT: 'https' } }],
    spares: [{ config: { STACK_EMAIL_PORT: '65535' } }],
  },
  'email-value': {
    trips: [
      { config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin' } },
      { config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'admin@localhost' } },
      { config: { STACK_EMAIL_SENDER: 'Acme <noreply@acme.dev>' } },
    ],
    spares: [{ config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: 'first.last+auth@mail.acme.dev' } }],
  },
  'url-value': {
    trips: [
      { config: { STACK_CLICKHOUSE_URL: 'tcp://clickhouse:9000' } },
      { config: { STACK_S3_ENDPOINT: 's3.acme.dev' } },
      { config: { NEXT_PUBLIC_SENTRY_DSN: '"https://sentry.acme.dev/1"' } },
    ],
    spares: [{ config: { NEXT_PUBLIC_SENTRY_DSN: 'https://public@sentry.acme.dev/1' } }],
  },
  'duration-value': {
    trips: [{ config: { STACK_ACCESS_TOKEN_EXPIRATION_TIME: '600' } }],
    spares: [{ config: { STACK_ACCESS_TOKEN_EXPIRATION_TIME: '10 minutes' } }],
  },
  'json-value': {
    trips: [{ config: { NEXT_PUBLIC_STACK_HEAD_TAGS: "'[]'" } }, { secrets: { STACK_OVERRIDE_SOURCE_OF_TRUTH: '{' } }],
    spares: [{ config: { NEXT_PUBLIC_STACK_HEAD_TAGS: '[{"tagName":"meta"}]' } }],
  },
  'unlisted-value': {
    trips: [
      { config: { HEXCLAVE_TRUSTED_PROXY: 'nginx' } },
      { config: { STACK_DATABASE_REPLICATION_WAIT_STRATEGY: 'always' } },
    ],
    spares: [{ config: { HEXCLAVE_TRUSTED_PROXY: 'cloudflare' } }],
  },
  'risky-value': {
    trips: [
      { config: { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' } },
      { config: { STACK_ARTIFICIAL_DEVELOPMENT_DELAY_MS: '500' } },
      { secrets: { STACK_OPENROUTER_API_KEY: 'FORWARD_TO_PRODUCTION' } },
    ],
    spares: [
      { config: { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'false' } },
      { config: { STACK_ARTIFICIAL_DEVELOPMENT_DELAY_MS: '0' } },
      { config: { STACK_OAUTH_MOCK_URL: '' } },
    ],
  },
  'inert-variable': {
    trips: [
      { config: { STACK_EMAIL_SECURE: 'true' } },
      { config: { NEXT_PUBLIC_STACK_BOT_CHALLENGE_SITE_KEY: '0x4' } },
    ],
    spares: [{ config: { STACK_EMAIL_SECURE: '' } }, { config: { STACK_EMAIL_PORT: '465' } }],
  },
  'value-blanks': {
    trips: [{ env: { NEXT_PUBLIC_POSTHOG_KEY: 'none\n' } }, { env: { STACK_EMAIL_HOST: ' smtp.acme.dev' } }],
    spares: [{ env: { STACK_EMAIL_HOST: 'smtp.acme.dev' } }, { env: { BANNER: 'two\nlines\n' } }],
  },
  'backend-urls-config': {
    trips: [
      { config: { STACK_BACKEND_URLS_CONFIG: '["https://a.acme.dev"]' } },
      { config: { STACK_BACKEND_URLS_CONFIG: '{"0.7":["https://a.acme.dev"],"0.4":["https://b.acme.dev"]}' } },
      { config: { STACK_BACKEND_URLS_CONFIG: '{"1":[]}' } },
      { config: { STACK_BACKEND_URLS_CONFIG: '{"half":["https://a.acme.dev"]}' } },
    ],
    spares: [
      { config: { STACK_BACKEND_URLS_CONFIG: '{"0.7":["https://a.acme.dev"],"0.3":["https://b.acme.dev"]}' } },
      { config: { STACK_BACKEND_URLS_CONFIG: '{' } },
    ],
  },
};

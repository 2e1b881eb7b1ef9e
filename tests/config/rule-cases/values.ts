import { fresh } from '../../support/draft';
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
      { config: { STACK_SVIX_SERVER_URL: 'svix.acme.dev' } },
      { config: { STACK_SVIX_SERVER_URL: 'https://' } },
      { config: { STACK_SVIX_SERVER_URL: 'https://svix.acme.dev:80711' } },
      { config: { STACK_SVIX_SERVER_URL: 'https://svix.acme.dev/%' } },
      { config: { STACK_SVIX_SERVER_URL: 'https://svix acme.dev' } },
    ],
    spares: [
      { config: { STACK_SVIX_SERVER_URL: 'https://svix.acme.dev:8071/base%20path/@me?x=a@b' } },
      { config: { STACK_DOCS_INTERNAL_BASE_URL: 'HTTPS://docs.acme.dev' } },
    ],
  },
  'endpoint-value': {
    trips: [
      { config: { STACK_S3_ENDPOINT: 'https://s3.acme.dev/my-bucket' } },
      { config: { STACK_S3_ENDPOINT: 's3.acme.dev' } },
      { config: { STACK_S3_ENDPOINT: 'https://key@s3.acme.dev' } },
      { config: { STACK_AWS_KMS_ENDPOINT: 'https://kms.acme.dev/?region=eu' } },
    ],
    spares: [
      { config: { STACK_S3_ENDPOINT: 'https://s3.acme.dev' } },
      { config: { STACK_S3_ENDPOINT: 'http://minio.storage.svc:9000/' } },
    ],
  },
  'uri-value': {
    trips: [{ config: { STACK_SPACETIMEDB_URI: 'spacetime.acme.dev' } }],
    spares: [{ config: { STACK_SPACETIMEDB_URI: 'wss://spacetime.acme.dev:3000' } }],
  },
  'sentry-dsn-value': {
    trips: [
      { config: { NEXT_PUBLIC_SENTRY_DSN: 'sentry.acme.dev/1' } },
      { config: { NEXT_PUBLIC_SENTRY_DSN: 'https://sentry.acme.dev/1' } },
      { config: { NEXT_PUBLIC_SENTRY_DSN: 'https://public@sentry.acme.dev' } },
    ],
    spares: [{ config: { NEXT_PUBLIC_SENTRY_DSN: 'https://public@sentry.acme.dev/1' } }],
  },
  'host-value': {
    trips: [
      'smtp.acme.dev:587',
      'smtps://smtp.acme.dev',
      'smtp://u@smtp.acme.dev:465/',
      'smtp.acme.dev/',
      'smtp.acme.dev ',
      'smtp .acme.dev',
      'postmaster@acme.dev',
      'a.acme.dev,b.acme.dev',
      'my_mail',
      '.acme.dev',
      'acme..dev',
      '-a.acme.dev',
      '256.1.1.1',
      '10.1',
      '[2001:db8::1]',
      '2001:db8::g',
      `${'a'.repeat(64)}.dev`,
      'bücher.dev',
      '"smtp.acme.dev"',
    ].map((host) => ({ config: { STACK_EMAIL_HOST: host } })),
    spares: [
      'smtp.acme.dev',
      'SMTP.acme.dev.',
      'mail',
      'mail.mail-system.svc',
      '192.0.2.7',
      '2001:db8::1',
      'xn--bcher-kva.dev',
    ].map((host) => ({ config: { STACK_EMAIL_HOST: host } })),
  },
  'emails-value': {
    trips: [
      { config: { STACK_INTERNAL_FEEDBACK_RECIPIENTS: 'a@acme.dev;b@acme.dev' } },
      { config: { STACK_INTERNAL_FEEDBACK_RECIPIENTS: 'a@acme.dev,' } },
    ],
    spares: [{ config: { STACK_INTERNAL_FEEDBACK_RECIPIENTS: 'a@acme.dev, b@acme.dev' } }],
  },
  'path-value': {
    trips: [{ config: { NODE_EXTRA_CA_CERTS: 'ca.crt' } }],
    spares: [{ config: { NODE_EXTRA_CA_CERTS: '/etc/ssl/ca.crt' } }],
  },
  'words-value': {
    trips: [
      { config: { STACK_SEED_INTERNAL_PROJECT_OAUTH_PROVIDERS: 'github, google' } },
      { config: { STACK_SEED_INTERNAL_PROJECT_OAUTH_PROVIDERS: 'github,' } },
    ],
    spares: [{ config: { STACK_SEED_INTERNAL_PROJECT_OAUTH_PROVIDERS: 'github,google' } }],
  },
  'bucket-value': {
    trips: ['s3://assets', 'assets/images', 'a', 'my bucket'].map((bucket) => ({
      config: { STACK_S3_BUCKET: bucket },
    })),
    spares: [{ config: { STACK_S3_BUCKET: 'acme-auth.assets' } }],
  },
  'arn-value': {
    trips: [
      { config: { STACK_AWS_GCP_WIF_ROLE_ARN: 'my-role' } },
      { config: { STACK_AWS_GCP_WIF_ROLE_ARN: 'arn:aws:iam::1234:role/x' } },
    ],
    spares: [{ config: { STACK_AWS_GCP_WIF_ROLE_ARN: 'arn:aws-us-gov:iam::123456789012:role/path/hexclave' } }],
  },
  'headers-value': {
    trips: [{ secrets: { OTEL_EXPORTER_OTLP_HEADERS: `Authorization: Bearer ${fresh()}` } }],
    spares: [{ secrets: { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${fresh()},x-team=a` } }],
  },
  'token-value': {
    trips: [
      { secrets: { STACK_FREESTYLE_API_KEY: `${fresh()} # of the team` } },
      { secrets: { STACK_STRIPE_SECRET_KEY: `${fresh()}ü` } },
      { env: { STACK_SVIX_API_KEY: `${fresh()}\n${fresh()}` } },
    ],
    spares: [{ secrets: { STACK_FREESTYLE_API_KEY: `${fresh()}+/=.:-_~` } }],
  },
  'name-value': {
    trips: [{ config: { STACK_GITHUB_CLIENT_ID: 'Iv1. abc' } }, { config: { STACK_S3_REGION: 'eu west' } }],
    spares: [{ config: { STACK_GITHUB_CLIENT_ID: 'Iv1.8a61f9b3a7aba766' } }],
  },
  'password-value': {
    trips: [{ env: { STACK_EMAIL_PASSWORD: `${fresh()}\n${fresh()}` } }],
    spares: [{ secrets: { STACK_EMAIL_PASSWORD: `${fresh()} with blanks, quotes " and €` } }],
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

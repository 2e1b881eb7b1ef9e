import { fresh } from '../../support/draft';
import { type Case, ELSEWHERE, EXISTING, MAIL } from './case';

const TRUSTING = { settings: { caBundle: { configMap: 'authority' } } };
const basic = Buffer.from(`user:${fresh()}`).toString('base64');

/** Told by what they look like. In parts, so that no scanner takes the made-up ones for real. */
const CREDENTIALS = [
  `Authorization=Bearer ${fresh()}`,
  `Authorization=Bearer%20${fresh()}`,
  `authorization: basic ${basic}`,
  `Authorization=Basic%20${basic}`,
  `-----BEGIN${' '}PRIVATE KEY-----\\nMIIE`,
  `-----BEGIN RSA${' '}PRIVATE KEY-----`,
  `postgresql://user:${fresh()}@db/x`,
  `http://:${fresh()}@proxy:3128`,
  `https://hooks.slack${'.com'}/services/T0/B0/${fresh()}`,
  ...['sk_live_', 'sk_test_', 'rk_live_', 'whsec_', 'ghp_', 'github_pat_', 'glpat-', 'xoxb-', 'xoxp-', 'sk-or-v1-'].map(
    (prefix) => `${prefix}${fresh()}`,
  ),
];

/** Values that only begin like one. */
const HARMLESS = [
  'Basic dashboard',
  'Basic authentication',
  'Bearer authentication',
  'https://public@sentry.acme.dev/1',
  'https://acme.dev:8443/@user',
  'https://acme.dev/a:b@c',
  '-----BEGIN CERTIFICATE-----',
  `-----BEGIN PUBLIC${' '}KEY-----`,
  `pk_live_${fresh()}`,
  'task_live_stream',
  'https://hooks.slack.com/docs',
];

/** Which variables are there, and under which names. */
export const variables: Readonly<Record<string, Case>> = {
  'required-missing': {
    trips: [
      { secrets: { STACK_SERVER_SECRET: undefined } },
      { secrets: { STACK_SERVER_SECRET: '' } },
      { config: { NEXT_PUBLIC_STACK_API_URL: undefined } },
      { settings: EXISTING, config: { STACK_CLICKHOUSE_URL: undefined } },
      { settings: { secrets: { mode: 'sops' } }, held: ['CRON_SECRET'] },
      { settings: EXISTING, held: ['CRON_SECRET'] },
    ],
    spares: [
      { settings: EXISTING },
      {
        secrets: { STACK_DATABASE_CONNECTION_STRING: undefined },
        env: { STACK_DATABASE_CONNECTION_STRING: ELSEWHERE },
      },
      { secrets: { STACK_SERVER_SECRET: undefined }, env: { HEXCLAVE_SERVER_SECRET: ELSEWHERE } },
    ],
  },
  'host-unknown': {
    trips: [{ config: { NEXT_PUBLIC_STACK_API_URL: undefined }, env: { NEXT_PUBLIC_STACK_API_URL: ELSEWHERE } }],
    spares: [{ secrets: { CRON_SECRET: undefined }, env: { CRON_SECRET: ELSEWHERE } }],
  },
  'half-configured': {
    trips: [
      { config: MAIL },
      { config: { STACK_QSTASH_URL: 'http://localhost:8080' } },
      { config: { STACK_S3_REGION: 'eu-central-1', STACK_S3_BUCKET: 'hexclave' } },
      { secrets: { STACK_STRIPE_SECRET_KEY: fresh() } },
      { config: { STACK_GITHUB_CLIENT_ID: 'Iv1.abc' } },
      { config: { STACK_AWS_ACCESS_KEY_ID: 'AKIAABC' } },
    ],
    spares: [
      { config: MAIL, secrets: { STACK_EMAIL_PASSWORD: fresh() } },
      { config: MAIL, env: { STACK_EMAIL_PASSWORD: ELSEWHERE } },
      { config: MAIL, settings: EXISTING },
      { config: { STACK_S3_PUBLIC_ENDPOINT: 'https://files.acme.dev' } },
      { config: { STACK_S3_REGION: '' } },
    ],
  },
  'admin-incomplete': {
    trips: [
      { secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: undefined } },
      { config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: undefined } },
    ],
    spares: [{ settings: EXISTING }],
  },
  'admin-missing': {
    trips: [
      {
        config: { STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: undefined },
        secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: undefined },
      },
    ],
    spares: [
      {
        config: {
          STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: undefined,
          STACK_SEED_INTERNAL_PROJECT_USER_GITHUB_ID: '1234567',
        },
        secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: undefined },
      },
      {
        config: {
          STACK_SEED_INTERNAL_PROJECT_USER_EMAIL: undefined,
          STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true',
        },
        secrets: { STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD: undefined },
      },
    ],
  },
  'owned-variable': {
    trips: [
      { config: { NODE_ENV: 'production' } },
      { config: { STACK_RUN_MIGRATIONS: 'true' } },
      { config: { HEXCLAVE_SKIP_SEED_SCRIPT: 'true' } },
      { config: { NEXT_PUBLIC_SERVER_STACK_API_URL: 'http://localhost:8102' } },
      { env: { STACK_SECRET_SERVER_KEY: ELSEWHERE } },
      ...['HOME', 'PATH', 'LD_PRELOAD', 'BASH_ENV', 'RELEASE_ID', 'BACKEND_DIR', 'GATE', 'LEASE_SECONDS'].flatMap(
        (name) => [
          { config: { [name]: '1' } },
          { secrets: { [name]: '1' } },
          { env: { [name]: '1' } },
          { env: { [name]: ELSEWHERE } },
        ],
      ),
      { ...TRUSTING, config: { NODE_EXTRA_CA_CERTS: '/etc/hexclave/ca/ca.crt' } },
      { ...TRUSTING, env: { NODE_EXTRA_CA_CERTS: ELSEWHERE } },
    ],
    spares: [
      { config: { NODE_OPTIONS: '--dns-result-order=ipv4first' } },
      { env: { NODE_OPTIONS: ELSEWHERE, KEEP_ALIVE_TIMEOUT: ELSEWHERE } },
      { config: { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' } },
      { env: { NODE_EXTRA_CA_CERTS: ELSEWHERE } },
      TRUSTING,
      // Of a store's own container, and not of one that the user's variables reach.
      { config: { POSTGRES_DB: 'stackframe', PGDATA: '/data' } },
    ],
  },
  'unknown-variable': {
    trips: [
      { config: { MYSQL_DATABASE: 'stackframe' } },
      { secrets: { STACK_SERVER_SECERT: fresh() } },
      { env: { STACK_EMAIL_HOTS: 'smtp.acme.dev' } },
      { env: { STACK_EMAIL_PASWORD: ELSEWHERE } },
    ],
    spares: [{ env: { HTTPS_PROXY: 'http://proxy.acme.dev:3128' } }, { config: { HEXCLAVE_EMAIL_HOST: '' } }],
  },
  'foreign-name': {
    trips: [
      { secrets: { DATABASE_URL: `postgresql://u:${fresh()}@db.acme.dev:5432/a` } },
      { config: { SMTP_HOST: 'smtp.acme.dev' } },
      { config: { POSTGRES_DB: 'stackframe' } },
      { env: { DIRECT_URL: ELSEWHERE } },
    ],
    spares: [{ config: { STACK_EMAIL_HOST: 'smtp.acme.dev' } }, { config: { LOG_LEVEL: 'info' } }],
  },
  'variable-name': {
    trips: [{ config: { 'MY-VARIABLE': '1' } }, { config: { 'a.b': '1' } }, { config: { '1A': '1' } }],
    spares: [{ config: { my_variable: '1' } }, { config: { _A1: '1' } }],
  },
  'both-spellings': {
    trips: [
      { secrets: { HEXCLAVE_SERVER_SECRET: fresh() } },
      { secrets: { STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY: fresh() } },
      { config: { STACK_BASE_URL: 'https://other.acme.dev' } },
      { config: { STACK_TRUSTED_PROXY: 'cloudflare' } },
      { config: { STACK_FUTURE: '1', HEXCLAVE_FUTURE: '2' } },
      { env: { HEXCLAVE_SERVER_SECRET: ELSEWHERE } },
    ],
    spares: [
      { config: { NEXT_PUBLIC_HEXCLAVE_API_URL: 'https://auth-api.acme.dev' } },
      { config: { STACK_FUTURE: '1', HEXCLAVE_FUTURE: '1' } },
      { config: { HEXCLAVE_CLICKHOUSE_URL: '' } },
    ],
  },
  'variable-twice': {
    trips: [
      { secrets: { NEXT_PUBLIC_POSTHOG_KEY: 'phc_own' } },
      { secrets: { NEXT_PUBLIC_POSTHOG_KEY: 'none' } },
      { env: { CRON_SECRET: ELSEWHERE } },
    ],
    spares: [{ secrets: { CRON_SECRET: undefined }, env: { CRON_SECRET: ELSEWHERE } }],
  },
  'secret-in-config': {
    trips: [
      { config: { STACK_EMAIL_PASSWORD: fresh() } },
      { config: { HEXCLAVE_SVIX_API_KEY: fresh() } },
      { env: { STACK_STRIPE_SECRET_KEY: fresh() } },
      { config: { OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${fresh()}` } },
      { settings: EXISTING, config: { STACK_EMAILABLE_API_KEY: 'disable_email_validation' } },
    ],
    spares: [
      { config: { STACK_EMAILABLE_API_KEY: 'disable_email_validation' } },
      { config: { STACK_OPENAI_API_KEY: '' } },
      { secrets: { STACK_EMAIL_HOST: 'smtp.acme.dev' } },
    ],
  },
  'secret-looking-in-config': {
    trips: [
      { config: { REDIS_PASSWORD: fresh() } },
      { env: { REDIS_URL: 'redis://cache' } },
      { settings: EXISTING, config: { MY_API_KEY: fresh() } },
      { config: { SLACK_WEBHOOK_URL: 'https://acme.dev/hook' } },
      { config: { PROXY_HEADERS: 'a=b' } },
    ],
    spares: [
      { secrets: { REDIS_PASSWORD: fresh() } },
      { config: { REDIS_PASSWORD: `ghp_${fresh()}` } },
      { config: { PEMBROKE_URL: 'https://pembroke.acme.dev' } },
      { config: { KEYCLOAK_REALM: 'main' } },
    ],
  },
  'credential-in-config': {
    trips: [
      ...CREDENTIALS.map((value) => ({ config: { SOMETHING: value } })),
      { env: { SOMETHING: `Bearer ${fresh()}` } },
      { config: { STACK_S3_ENDPOINT: `https://key:${fresh()}@s3.acme.dev` } },
      { settings: EXISTING, config: { REDIS_URL: `redis://:${fresh()}@cache:6379` } },
    ],
    spares: [
      ...HARMLESS.map((value) => ({ config: { SOMETHING: value } })),
      { secrets: { SOMETHING: `Bearer ${fresh()}` } },
      { config: { STACK_EMAIL_PASSWORD: `sk_live_${fresh()}` } },
      { config: { STACK_CLICKHOUSE_URL: `http://admin:${fresh()}@clickhouse:8123` } },
    ],
  },
};

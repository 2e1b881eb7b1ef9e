import { fresh } from '../../support/draft';
import type { Case } from './case';

const postgres = { mode: 'bundled' };
const [email, s3, webhooks] = [{ mode: 'mailpit' }, { mode: 'seaweedfs' }, { mode: 'svix' }];
const svix = { stores: { postgres, webhooks } };
/** The lines of the baseline that stores in the namespace take the place of. */
const gone = { STACK_DATABASE_CONNECTION_STRING: undefined, STACK_SVIX_API_KEY: undefined };
const svixSecrets = { ...gone, POSTGRES_PASSWORD: fresh(), SVIX_DATABASE_PASSWORD: fresh() };
const local = {
  NEXT_PUBLIC_STACK_API_URL: 'http://localhost:8102',
  NEXT_PUBLIC_STACK_DASHBOARD_URL: 'http://localhost:8101',
};
const bucket = (url: string | undefined) => ({
  settings: { stores: { s3 } },
  config: { STACK_S3_PUBLIC_ENDPOINT: url },
});

const certified = (tls: object) => ({
  settings: { stores: { s3 }, edge: { tls } },
  config: { STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.dev/hexclave' },
});

/** Mailpit, SeaweedFS and Svix in the namespace, and an evaluation on localhost. */
export const evaluation: Readonly<Record<string, Case>> = {
  'svix-needs-postgres': {
    trips: [
      { settings: { stores: { webhooks } } },
      { settings: { stores: { webhooks, postgres: { mode: 'cloudnative-pg' } } } },
    ],
    spares: [{ settings: svix }, { settings: { stores: { postgres } } }],
  },
  'store-secret-form': {
    trips: [
      { settings: { stores: { email } }, secrets: { STACK_EMAIL_PASSWORD: 'two words' } },
      { settings: { stores: { email } }, secrets: { STACK_EMAIL_PASSWORD: '{SHA}abc' } },
      { settings: svix, secrets: { ...svixSecrets, SVIX_JWT_SECRET: '1234567890'.repeat(4) } },
      { settings: svix, secrets: { ...svixSecrets, SVIX_JWT_SECRET: 'k23456789' } },
      { settings: svix, secrets: { ...svixSecrets, SVIX_DATABASE_PASSWORD: 'größer' } },
      { settings: { stores: { s3 } }, secrets: { STACK_S3_ACCESS_KEY_ID: 'a/b' } },
    ],
    spares: [
      { settings: { stores: { email } }, secrets: { STACK_EMAIL_PASSWORD: fresh() } },
      { settings: svix, secrets: { ...svixSecrets, SVIX_JWT_SECRET: `1${fresh()}` } },
      { settings: svix, secrets: { ...svixSecrets, SVIX_DATABASE_PASSWORD: `%/@:' ${fresh()}` } },
      // Those of somebody else's server are somebody else's to judge.
      { secrets: { STACK_EMAIL_PASSWORD: 'two words', STACK_S3_ACCESS_KEY_ID: 'a/b' } },
    ],
  },
  's3-public-url': {
    trips: [bucket(undefined), bucket('https://assets.acme.dev'), bucket('https://assets.acme.dev/hexclave/')],
    spares: [bucket('https://assets.acme.dev/hexclave'), { config: { STACK_S3_PUBLIC_ENDPOINT: undefined } }],
  },
  's3-public-certificate': {
    trips: [certified({ secrets: { api: 'api-tls', dashboard: 'dashboard-tls' } })],
    spares: [
      certified({ secrets: { api: 'api-tls', dashboard: 'dashboard-tls', s3: 'assets-tls' } }),
      certified({ issuer: 'acme' }),
      certified({ external: true }),
      { settings: { edge: { tls: { secrets: { api: 'api-tls', dashboard: 'dashboard-tls' } } } } },
    ],
  },
  's3-public-route': {
    trips: [
      {
        settings: { stores: { s3 }, edge: { type: 'gateway', gateway: { name: 'public' } } },
        config: { STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.dev/hexclave' },
      },
      {
        settings: { stores: { s3 }, platform: 'openshift', edge: { tls: { external: true } } },
        config: { STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.dev/hexclave' },
      },
    ],
    spares: [
      certified({ issuer: 'acme' }),
      {
        settings: { stores: { s3 }, edge: { type: 'none' } },
        config: { STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.dev/hexclave' },
      },
    ],
  },
  'localhost-refused': {
    trips: [
      { settings: { purpose: 'evaluation', edge: { type: 'none' } }, config: local },
      {
        settings: { purpose: 'evaluation', edge: { type: 'none' } },
        config: { ...local, STACK_SEED_INTERNAL_PROJECT_ALLOW_LOCALHOST: 'false' },
      },
    ],
    spares: [{ config: { ...local, STACK_SEED_INTERNAL_PROJECT_ALLOW_LOCALHOST: 'true' } }, { config: local }, {}],
  },
};

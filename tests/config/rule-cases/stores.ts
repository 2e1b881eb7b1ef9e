import { fresh } from '../../support/draft';
import { type Case, EXISTING } from './case';

const URL_NAME = 'STACK_DATABASE_CONNECTION_STRING';
const bundled = { stores: { postgres: { mode: 'bundled' } } };
const operator = { stores: { postgres: { mode: 'cloudnative-pg' } } };
const clickhouse = { stores: { clickhouse: { mode: 'bundled' } } };
const secret = { secret: 'databases', key: 'password' };
/** The lines of the baseline that a store in the namespace takes the place of. */
const gone = { [URL_NAME]: undefined };

function imaged(postgres: string, settings: object = bundled): Case['trips'][number] {
  return { settings: { ...settings, images: { postgres } }, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } };
}

/** Stores that run in the namespace. */
export const stores: Readonly<Record<string, Case>> = {
  'store-evaluation': {
    trips: [
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
      { settings: clickhouse, config: { STACK_CLICKHOUSE_URL: undefined } },
      { settings: { ...bundled, ...EXISTING } },
    ],
    spares: [{ settings: operator, secrets: gone }, {}],
  },
  'store-sets-variable': {
    trips: [
      { settings: bundled, secrets: { POSTGRES_PASSWORD: fresh() } },
      { settings: operator },
      { settings: operator, secrets: gone, env: { [URL_NAME]: secret } },
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() }, env: { [URL_NAME]: secret } },
      { settings: clickhouse },
      { settings: clickhouse, config: { STACK_CLICKHOUSE_URL: undefined, STACK_CLICKHOUSE_ADMIN_USER: 'admin' } },
    ],
    spares: [
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
      { settings: operator, secrets: { [URL_NAME]: '' } },
      // The same value by hand does no harm, and `init` writes these two.
      {
        settings: clickhouse,
        config: {
          STACK_CLICKHOUSE_URL: '',
          STACK_CLICKHOUSE_ADMIN_USER: 'stackframe',
          STACK_CLICKHOUSE_DATABASE: 'default',
        },
      },
      // Nothing is made from a password that is not read: both are the user's to keep together.
      { settings: bundled, secrets: gone, env: { POSTGRES_PASSWORD: secret, [URL_NAME]: secret } },
      { settings: { ...bundled, ...EXISTING }, env: { [URL_NAME]: secret } },
    ],
  },
  'store-secret-missing': {
    trips: [
      { settings: bundled, secrets: gone },
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: '' } },
    ],
    spares: [
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
      { settings: bundled, secrets: gone, env: { POSTGRES_PASSWORD: secret } },
      { settings: { ...bundled, ...EXISTING } },
      { settings: operator, secrets: gone },
      // One of the server's own required variables, and reported as that.
      { settings: clickhouse, secrets: { STACK_CLICKHOUSE_ADMIN_PASSWORD: undefined } },
    ],
  },
  'store-secret-elsewhere': {
    trips: [{ settings: bundled, secrets: gone, env: { POSTGRES_PASSWORD: secret } }],
    spares: [
      { settings: bundled, secrets: gone, env: { POSTGRES_PASSWORD: secret, [URL_NAME]: secret } },
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
      { settings: { ...bundled, ...EXISTING }, env: { POSTGRES_PASSWORD: secret } },
      { env: { POSTGRES_PASSWORD: secret } },
    ],
  },
  'store-password-characters': {
    trips: [`pass${fresh()}ª`, `${fresh()}\n`, `${fresh()}ü`].map((value) => ({
      settings: bundled,
      secrets: { ...gone, POSTGRES_PASSWORD: value },
    })),
    spares: [{ settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: `${fresh()} <&>'"%@:/?#\\$()` } }],
  },
  'store-image-version': {
    trips: [
      imaged('docker.io/library/postgres:16.14'),
      imaged('mirror.acme.dev:5000/postgres:18', operator),
      imaged(`docker.io/library/postgres:16.14@sha256:${'0'.repeat(64)}`),
    ],
    spares: [
      imaged('docker.io/library/postgres:17.10-trixie'),
      imaged('mirror.acme.dev:5000/postgres'),
      imaged('mirror.acme.dev/postgres:stable'),
      imaged('docker.io/library/postgres:16.14', {}),
    ],
  },
  'store-image-unused': {
    trips: [imaged('docker.io/library/postgres:17.10', {})],
    spares: [imaged('docker.io/library/postgres:17.10'), {}],
  },
  'store-variable-unused': {
    trips: [
      { secrets: { POSTGRES_PASSWORD: fresh() } },
      { env: { POSTGRES_PASSWORD: secret } },
      { settings: operator, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
    ],
    spares: [
      { settings: bundled, secrets: { ...gone, POSTGRES_PASSWORD: fresh() } },
      { secrets: { POSTGRES_PASSWORD: '' } },
    ],
  },
};

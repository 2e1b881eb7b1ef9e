import { contract } from '../../../config/contract';
import { destinations } from '../../../config/endpoints';
import { type Case, ELSEWHERE, EXISTING, MAIL } from './case';

const REQUIRED = contract.filter((item) => item.required && item.secret).map((item) => item.name);
const store = { name: 'vault' };
const PASSWORD = { name: 'password' };
const from = { prefix: 'auth-' };
const external = (more: object = {}) => ({ secrets: { mode: 'external-secrets', store, from, ...more } });
const sealed = (scope = 'strict') => ({ secrets: { mode: 'sealed-secrets', scope } });
const SOPS = { secrets: { mode: 'sops' } };
const HERE = 'hexclave-production/hexclave-secrets';

/** The variables that ports are read from, but for those of databases. */
const PORTS = destinations
  .filter(({ name }) => !name.includes('DATABASE'))
  .map(({ name, port }) => ({ name: port ?? name, config: { [port ?? name]: undefined } }));
const OPENED = { network: { egress: [{ port: 8443, cidr: '10.20.0.0/16' }] } };

/** Secrets whose values are not in the files. */
export const secretModes: Readonly<Record<string, Case>> = {
  'secret-held-twice': {
    trips: [
      { settings: external(), held: [...REQUIRED, 'NODE_OPTIONS'], config: { NODE_OPTIONS: '--no-warnings' } },
      { settings: SOPS, env: { CRON_SECRET: ELSEWHERE } },
    ],
    spares: [
      { settings: external(), held: REQUIRED, config: { NODE_OPTIONS: '--no-warnings' } },
      { settings: external(), held: [...REQUIRED, 'NODE_OPTIONS'], config: { NODE_OPTIONS: '' } },
      { settings: SOPS, held: REQUIRED.filter((name) => name !== 'CRON_SECRET'), env: { CRON_SECRET: ELSEWHERE } },
    ],
  },
  'secret-not-for-secrets': {
    trips: [
      { settings: external(), held: [...REQUIRED, 'STACK_EMAIL_USERNAME'] },
      { settings: { ...external(), ...OPENED }, held: [...REQUIRED, 'STACK_EMAIL_PORT'] },
      {
        settings: external(),
        held: [...REQUIRED, 'HEXCLAVE_TRUSTED_PROXY'],
        config: { HEXCLAVE_TRUSTED_PROXY: undefined },
      },
      { settings: external(), held: [...REQUIRED, 'STACK_RUN_MIGRATIONS'] },
      { settings: SOPS, held: [...REQUIRED, 'HOME'] },
      { settings: SOPS, sealing: true, secrets: { STACK_TRUSTED_PROXY: 'cloudflare' } },
    ],
    spares: [
      { settings: external(), held: [...REQUIRED, 'STACK_EMAIL_PASSWORD', 'SOMETHING_OF_MY_OWN'] },
      { settings: SOPS, sealing: true, secrets: { STACK_TRUSTED_PROXY: '' } },
      { secrets: { STACK_EMAIL_PORT: '587' } },
      { settings: SOPS, sealing: true, secrets: { STACK_S3_ENDPOINT: 'https://key:abc@s3.acme.dev' } },
    ],
  },
  'port-in-secret': {
    trips: [
      ...PORTS.map(({ name, config }) => ({ config, env: { [name]: ELSEWHERE } })),
      ...PORTS.map(({ name, config }) => ({ config, settings: EXISTING, env: { [name]: ELSEWHERE } })),
      ...PORTS.map(({ name, config }) => ({ config, settings: external(), held: [...REQUIRED, name] })),
      ...PORTS.map(({ name, config }) => ({ config, settings: SOPS, sealing: true, secrets: { [name]: '587' } })),
    ],
    spares: [
      ...PORTS.map(({ name, config }) => ({ config, settings: OPENED, env: { [name]: ELSEWHERE } })),
      ...PORTS.map(({ name, config }) => ({
        config,
        settings: { ...external(), ...OPENED },
        held: [...REQUIRED, name],
      })),
      ...PORTS.map(({ name, config }) => ({ config, secrets: { [name]: '587' } })),
      {
        settings: EXISTING,
        env: {
          STACK_DATABASE_CONNECTION_STRING: ELSEWHERE,
          STACK_DATABASE_REPLICA_CONNECTION_STRING: ELSEWHERE,
          MIGRATION_DATABASE_CONNECTION_STRING: ELSEWHERE,
        },
      },
      { config: { ...MAIL, STACK_EMAIL_HOST: undefined }, env: { STACK_EMAIL_HOST: ELSEWHERE } },
      { settings: { stores: { postgres: { mode: 'cloudnative-pg' } } } },
      {
        settings: { stores: { clickhouse: { mode: 'bundled' } } },
        config: { STACK_CLICKHOUSE_URL: undefined },
        env: { STACK_CLICKHOUSE_URL: ELSEWHERE },
      },
    ],
  },
  'sealed-for-elsewhere': {
    trips: [
      { settings: sealed(), sealed: { CRON_SECRET: 'other/hexclave-secrets' } },
      { settings: sealed('namespace-wide'), sealed: { CRON_SECRET: HERE } },
      { settings: sealed('cluster-wide'), sealed: { CRON_SECRET: 'hexclave-production' } },
      {
        settings: sealed(),
        held: ['MIGRATION_DATABASE_CONNECTION_STRING'],
        sealed: { MIGRATION_DATABASE_CONNECTION_STRING: HERE },
      },
      { settings: { ...sealed(), namespace: { name: 'auth' } }, sealed: { CRON_SECRET: HERE } },
    ],
    spares: [
      { settings: sealed(), sealed: { CRON_SECRET: HERE } },
      { settings: sealed('namespace-wide'), sealed: { CRON_SECRET: 'hexclave-production' } },
      { settings: sealed('cluster-wide'), sealed: { CRON_SECRET: '' } },
      { settings: { ...sealed(), namespace: { name: 'auth' } }, sealed: { CRON_SECRET: 'auth/hexclave-secrets' } },
      { settings: sealed(), sealing: true, sealed: { CRON_SECRET: 'other/hexclave-secrets' } },
    ],
  },
  'external-place-missing': {
    trips: [
      { settings: external({ from: undefined }) },
      { settings: external({ from: undefined, remoteRefs: { CRON_SECRET: { key: 'cron' } } }) },
    ],
    spares: [
      { settings: external() },
      {
        settings: external({ from: undefined, remoteRefs: { HEXCLAVE_CRON: { key: 'cron' } } }),
        held: ['HEXCLAVE_CRON'],
      },
    ],
  },
  'external-periodic': {
    trips: [{ settings: external({ refreshPolicy: 'Periodic' }) }],
    spares: [
      { settings: external() },
      { settings: external({ refreshPolicy: 'CreatedOnce' }) },
      { settings: external({ refreshPolicy: 'Periodic', reloader: true }) },
    ],
  },
  'generated-once': {
    trips: [
      'STACK_DATABASE_CONNECTION_STRING',
      'STACK_SERVER_SECRET',
      'HEXCLAVE_SERVER_SECRET',
      'STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY',
      'STACK_CLICKHOUSE_ADMIN_PASSWORD',
      'STACK_STRIPE_SECRET_KEY',
      'STACK_FREESTYLE_API_KEY',
      'STACK_EMAIL_HOST',
    ].map((name) => ({ settings: external({ generators: { [name]: PASSWORD } }) })),
    spares: [
      { settings: external({ generators: { CRON_SECRET: PASSWORD, MINE: PASSWORD } }) },
      { settings: external({ generators: { HEXCLAVE_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY: PASSWORD } }) },
      {
        settings: {
          ...external({ generators: { STACK_CLICKHOUSE_ADMIN_PASSWORD: PASSWORD } }),
          stores: { clickhouse: { mode: 'bundled' } },
        },
      },
    ],
  },
};

import { fresh } from '../../support/draft';
import { type Case, ELSEWHERE, EXISTING, MAIL } from './case';

const URL_NAME = 'STACK_DATABASE_CONNECTION_STRING';
const key = fresh();
const postgres = (behind: string, host = 'postgres.data.svc:5432'): Case['trips'][number] => ({
  secrets: { [URL_NAME]: `postgresql://hexclave:${key}@${host}/${behind}` },
});
const direct = (behind: string) => ({
  MIGRATION_DATABASE_CONNECTION_STRING: `postgres://a:${key}@direct:5432/${behind}`,
});
const clickhouse = (url: string): Case['trips'][number] => ({ config: { STACK_CLICKHOUSE_URL: url } });

/** Something that could listen inside the pod. */
const SIDECAR = { sidecars: [{ name: 'proxy', image: 'docker.io/acme/proxy:2.14.1' }] };

const RENDERER = { stores: { renderer: { mode: 'bundled' } } };
const mirrored = (ip: string, host = 'unpkg.com') => ({
  pods: { server: { hostAliases: [{ ip, hostnames: [host] }] } },
});

/** Databases and the services the server calls. */
export const services: Readonly<Record<string, Case>> = {
  'database-url': {
    trips: [
      postgres(''),
      postgres('hexclave', 'a:5432,b:5432'),
      postgres('hexclave', 'a,b'),
      postgres('hexclave', ''),
      postgres('hexclave', '%2Fvar%2Frun%2Fpostgresql'),
      postgres('hexclave', '%2fvar%2frun%2fpostgresql'),
      postgres('hexclave?host=/var/run/postgresql'),
      postgres('hexclave?sslmode=disable&host=db.acme.dev&host=%2Ftmp'),
      { secrets: { MIGRATION_DATABASE_CONNECTION_STRING: `postgres://a:${key}@%2Ftmp/hexclave` } },
      { secrets: { [URL_NAME]: `postgres://u:12#${key}@host:5432/db` } },
      { secrets: { [URL_NAME]: `postgres://u:a/${key}@host:5432/db` } },
      { secrets: { [URL_NAME]: `jdbc:postgresql://host/db?user=u&password=${key}` } },
      { secrets: { MIGRATION_DATABASE_CONNECTION_STRING: 'mysql://a:1@b/c' } },
    ],
    spares: [
      postgres('hexclave?application_name=auth'),
      postgres('hexclave?host=db.acme.dev'),
      { secrets: { [URL_NAME]: `postgres://u:%23%2F${key}@host/db` } },
      { secrets: { [URL_NAME]: undefined }, env: { [URL_NAME]: ELSEWHERE } },
    ],
  },
  'database-sslmode': {
    trips: [postgres('db?sslmode=require'), postgres('db?sslmode=prefer'), postgres('db?sslmode=verify-ca')],
    spares: [
      postgres('db?sslmode=verify-full'),
      postgres('db?sslmode=no-verify'),
      postgres('db?sslmode=require&uselibpqcompat=true'),
      { ...postgres('db?sslmode=require'), settings: { caBundle: { configMap: 'database-ca' } } },
    ],
  },
  'database-parameter': {
    trips: [postgres('db?connection_limit=5'), postgres('db?channel_binding=require')],
    spares: [postgres('db?statement_timeout=60000&schema=public')],
  },
  'database-schema': {
    trips: [postgres('db?schema=auth')],
    spares: [postgres('db?schema=public'), postgres('db')],
  },
  'file-not-mounted': {
    trips: [postgres('db?sslrootcert=/etc/ssl/rds.pem'), { config: { NODE_EXTRA_CA_CERTS: '/etc/ssl/ca.pem' } }],
    spares: [
      postgres('db?sslmode=verify-full'),
      {
        ...postgres('db?sslrootcert=/etc/hexclave/ca/ca.crt'),
        settings: { caBundle: { configMap: 'database-ca' } },
      },
    ],
  },
  'database-differs': {
    trips: [
      { secrets: { ...postgres('app').secrets, ...direct('other') } },
      { secrets: { ...postgres('app').secrets, ...direct('app?schema=other') } },
    ],
    spares: [
      { secrets: { ...postgres('app').secrets, ...direct('app?schema=public') } },
      { env: { MIGRATION_DATABASE_CONNECTION_STRING: ELSEWHERE } },
    ],
  },
  'database-pooler': {
    trips: [postgres('app', 'ep-1-pooler.data.svc:5432'), postgres('app', 'db:6432'), postgres('app?pgbouncer=true')],
    spares: [
      { secrets: { ...postgres('app', 'pgbouncer:6432').secrets, ...direct('app') } },
      { ...postgres('app', 'pgbouncer:6432'), env: { MIGRATION_DATABASE_CONNECTION_STRING: ELSEWHERE } },
    ],
  },
  'database-connections': {
    trips: [
      { settings: { replicas: 3, stores: { postgres: { maxConnections: 124 } } } },
      { settings: { replicas: { min: 2, max: 6 }, stores: { postgres: { maxConnections: 199 } } } },
    ],
    spares: [
      { settings: { replicas: 3, stores: { postgres: { maxConnections: 125 } } } },
      { settings: { replicas: { min: 2, max: 6 }, stores: { postgres: { maxConnections: 200 } } } },
      { settings: { replicas: 50 } },
    ],
  },
  'unencrypted-connection': {
    trips: [postgres('app', 'db.eu-1.provider.com'), clickhouse('http://ch.provider.com:8123')],
    spares: [
      postgres('app?sslmode=disable', 'db.eu-1.provider.com'),
      postgres('app', '10.1.2.3'),
      clickhouse('https://ch.provider.com:8443'),
    ],
  },
  'host-out-of-reach': {
    trips: [
      postgres('app', 'localhost:5432'),
      postgres('app', 'db:5432'),
      postgres('app?host=127.0.0.1', 'db.acme.dev'),
      clickhouse('http://127.0.0.1:8123'),
      clickhouse('http://host.docker.internal:8133'),
      clickhouse('http://[::1]:8123'),
      clickhouse('http://2130706433:8123'),
      { config: { STACK_EMAIL_HOST: 'localhost' } },
      { config: { STACK_EMAIL_HOST: '::1' } },
      // The migration Job would find nobody there.
      { ...postgres('app', '127.0.0.1:5433'), settings: { pods: { server: SIDECAR } } },
      { config: { STACK_S3_ENDPOINT: 'http://nas.local:9000' } },
      { config: { NEXT_PUBLIC_STACK_DASHBOARD_URL: 'http://localhost:8101' } },
      {
        settings: { purpose: 'evaluation', edge: { type: 'none' } },
        config: { STACK_SVIX_SERVER_URL: 'http://localhost:8071' },
      },
    ],
    spares: [
      { ...postgres('app', '127.0.0.1:5433'), settings: { pods: { all: SIDECAR } } },
      { config: { STACK_EMAIL_HOST: 'localhost' }, settings: { pods: { server: SIDECAR } } },
      { config: { STACK_QSTASH_URL: 'http://localhost:8080' } },
      postgres('app', 'localhost-db.data.svc:5432'),
      postgres('app', 'db.data.svc.cluster.local:5432'),
      { settings: { stores: { clickhouse: { mode: 'bundled' } } }, config: { STACK_CLICKHOUSE_URL: undefined } },
      {
        settings: { purpose: 'evaluation', edge: { type: 'none' } },
        config: { NEXT_PUBLIC_STACK_DASHBOARD_URL: 'http://localhost:8101' },
      },
    ],
  },
  'clickhouse-database': {
    trips: [{ config: { STACK_CLICKHOUSE_DATABASE: 'analytics' } }],
    spares: [{ config: { STACK_CLICKHOUSE_DATABASE: 'default' } }, { config: { STACK_CLICKHOUSE_DATABASE: '' } }],
  },
  'clickhouse-credentials': {
    trips: [
      clickhouse(`http://admin:${key}@clickhouse:8123`),
      {
        config: { STACK_CLICKHOUSE_URL: undefined },
        secrets: { STACK_CLICKHOUSE_URL: `http://a:${key}@clickhouse:8123` },
      },
    ],
    spares: [clickhouse('http://clickhouse:8123')],
  },
  'clickhouse-native-port': {
    trips: [clickhouse('http://clickhouse:9000'), clickhouse('https://clickhouse:9440')],
    spares: [clickhouse('https://clickhouse:8443')],
  },
  'freestyle-missing': {
    trips: [{ config: MAIL }],
    spares: [
      { config: MAIL, secrets: { STACK_FREESTYLE_API_KEY: fresh() } },
      { config: MAIL, settings: RENDERER },
      { config: MAIL, settings: EXISTING },
      {},
    ],
  },
  'renderer-key-without-endpoint': {
    trips: [{ secrets: { STACK_FREESTYLE_API_KEY: `hexclave-renderer-${fresh()}` } }],
    spares: [
      { secrets: { STACK_FREESTYLE_API_KEY: fresh() } },
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: `hexclave-renderer-${fresh()}` } },
      {
        config: { STACK_FREESTYLE_API_ENDPOINT: 'https://renderer.acme.dev' },
        secrets: { STACK_FREESTYLE_API_KEY: `hexclave-renderer-${fresh()}` },
      },
    ],
  },
  'renderer-endpoint-without-key': {
    trips: [{ config: { STACK_FREESTYLE_API_ENDPOINT: 'https://renderer.acme.dev' } }],
    spares: [
      { settings: RENDERER },
      { settings: EXISTING, config: { STACK_FREESTYLE_API_ENDPOINT: 'https://renderer.acme.dev' } },
      {
        config: { STACK_FREESTYLE_API_ENDPOINT: 'https://renderer.acme.dev' },
        secrets: { STACK_FREESTYLE_API_KEY: fresh() },
      },
    ],
  },
  'renderer-key-short': {
    trips: [
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: fresh().slice(0, 20) } },
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: `two words ${fresh()}` } },
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: `ü${fresh()}` } },
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: 'mock_stack_freestyle_key' } },
    ],
    spares: [
      { settings: RENDERER, secrets: { STACK_FREESTYLE_API_KEY: fresh() } },
      { settings: RENDERER },
      { secrets: { STACK_FREESTYLE_API_KEY: fresh().slice(0, 20) } },
    ],
  },
  'bundler-mirror-closed': {
    trips: [
      { settings: mirrored('10.1.2.3') },
      { settings: mirrored('fd00::3') },
      { settings: { pods: { all: { hostAliases: [{ ip: '192.168.1.2', hostnames: ['unpkg.com'] }] } } } },
      { settings: { ...mirrored('10.1.2.3'), network: { egress: [{ port: 443, pods: ['migration'] }] } } },
    ],
    spares: [
      { settings: mirrored('203.0.113.7') },
      { settings: mirrored('10.1.2.3', 'esm.sh') },
      { settings: { ...mirrored('10.1.2.3'), network: { allowPrivateEgress: true } } },
      {
        settings: {
          ...mirrored('10.1.2.3'),
          network: { egress: [{ port: 443, cidr: '10.1.2.3/32', pods: ['server'] }] },
        },
      },
    ],
  },
  'sandbox-token-missing': {
    trips: [{ config: MAIL }],
    spares: [
      { config: MAIL, secrets: { STACK_VERCEL_SANDBOX_TOKEN: fresh() } },
      { config: MAIL, settings: RENDERER },
      { config: MAIL, settings: EXISTING },
    ],
  },
  'emailable-missing': {
    trips: [{ config: MAIL }],
    spares: [{ config: { ...MAIL, STACK_EMAILABLE_API_KEY: 'disable_email_validation' } }, {}],
  },
  'svix-missing': {
    trips: [{ secrets: { STACK_SVIX_API_KEY: undefined } }],
    spares: [{ settings: EXISTING }],
  },
  'svix-public-url': {
    trips: [{ config: { STACK_SVIX_SERVER_URL: 'http://svix.webhooks.svc:8071' } }],
    spares: [
      { config: { STACK_SVIX_SERVER_URL: 'https://svix.acme.dev' } },
      {
        config: {
          STACK_SVIX_SERVER_URL: 'http://svix:8071',
          NEXT_PUBLIC_STACK_SVIX_SERVER_URL: 'https://svix.acme.dev',
        },
      },
    ],
  },
  'qstash-callback': {
    trips: [{ config: { STACK_QSTASH_URL: 'https://qstash.upstash.io' } }],
    spares: [{ config: { STACK_QSTASH_URL: 'http://localhost:8080' } }],
  },
  'poller-without-qstash': {
    trips: [{ settings: { maintenance: { poller: true } } }],
    spares: [
      { settings: { maintenance: { poller: true } }, config: { STACK_QSTASH_URL: 'http://localhost:8080' } },
      { settings: { maintenance: { poller: false } } },
      { settings: { ...EXISTING, maintenance: { poller: true } } },
    ],
  },
  'telemetry-default': {
    trips: [
      { config: { NEXT_PUBLIC_POSTHOG_KEY: undefined } },
      { config: { NEXT_PUBLIC_POSTHOG_KEY: '' } },
      // Each switch stops one of the two.
      { config: { NEXT_PUBLIC_POSTHOG_KEY: undefined, CI: undefined } },
      { config: { NEXT_PUBLIC_POSTHOG_KEY: 'none', CI: undefined } },
      { config: { NEXT_PUBLIC_POSTHOG_KEY: 'none', CI: '' } },
    ],
    spares: [
      { config: { NEXT_PUBLIC_POSTHOG_KEY: 'none', CI: '1' } },
      { config: { NEXT_PUBLIC_POSTHOG_KEY: 'phc_own', CI: undefined } },
    ],
  },
  'keep-alive-short': {
    trips: [{ config: { KEEP_ALIVE_TIMEOUT: '5000' } }],
    spares: [{ config: { KEEP_ALIVE_TIMEOUT: '75000' } }],
  },
};

import { fresh } from '../../support/draft';
import { type Case, EXISTING } from './case';

const bucket = (more: object = {}) => ({
  backup: { to: { bucket: 'acme-backups', endpoint: 'https://s3.acme.dev', region: 'eu-west-1', ...more } },
});
const volume = { backup: { to: { volume: { size: '5Gi' } } } };
const password = () => ({ BACKUP_PASSWORD: fresh() });
const keys = () => ({ ...password(), BACKUP_S3_ACCESS_KEY_ID: 'AKIAACME', BACKUP_S3_SECRET_ACCESS_KEY: fresh() });
const storage = {
  STACK_S3_ENDPOINT: 'https://s3.acme.dev',
  STACK_S3_REGION: 'eu-west-1',
  STACK_S3_BUCKET: 'acme-public',
  STACK_S3_PRIVATE_BUCKET: 'acme-private',
};
const seaweedfs = { stores: { s3: { mode: 'seaweedfs' } } };
const inside = bucket({ endpoint: 'http://hexclave-seaweedfs:8333' });
const identity = {
  pods: { backup: { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/b' } } } },
};

/** Backups. */
export const backup: Readonly<Record<string, Case>> = {
  'backup-secret-missing': {
    trips: [
      { settings: volume },
      { settings: bucket(), secrets: password() },
      { settings: bucket(), secrets: { ...keys(), BACKUP_S3_SECRET_ACCESS_KEY: '' } },
      // Half a key is no identity.
      { settings: { ...bucket(), ...identity }, secrets: { ...keys(), BACKUP_S3_SECRET_ACCESS_KEY: undefined } },
      {
        settings: {
          ...volume,
          secrets: { mode: 'external-secrets', store: { name: 'vault' }, from: { key: 'hexclave' } },
        },
      },
    ],
    spares: [
      {},
      { settings: volume, secrets: password() },
      { settings: bucket(), secrets: keys() },
      { settings: { ...bucket(), ...identity }, secrets: password() },
      { settings: { ...bucket(), ...EXISTING } },
      { settings: volume, env: { BACKUP_PASSWORD: { secret: 'backups', key: 'password' } } },
    ],
  },
  'backup-secret-unused': {
    trips: [
      { secrets: password() },
      { settings: volume, secrets: keys() },
      { env: { BACKUP_DATABASE_CONNECTION_STRING: { secret: 'reader', key: 'uri' } } },
    ],
    spares: [
      { settings: volume, secrets: password() },
      { settings: bucket(), secrets: keys() },
      { secrets: { BACKUP_PASSWORD: '' } },
    ],
  },
  'backup-public-bucket': {
    trips: [
      { settings: bucket({ bucket: 'acme-public' }), config: storage, secrets: keys() },
      { settings: bucket({ bucket: 'acme-private' }), config: storage, secrets: keys() },
      {
        settings: { ...bucket({ endpoint: 'http://hexclave-seaweedfs:8333', bucket: 'hexclave' }), ...seaweedfs },
        secrets: keys(),
      },
    ],
    spares: [
      { settings: bucket(), config: storage, secrets: keys() },
      {
        settings: bucket({ bucket: 'acme-public', endpoint: 'https://s3.elsewhere.dev' }),
        config: storage,
        secrets: keys(),
      },
      { settings: volume, config: storage, secrets: password() },
    ],
  },
  'backup-beside-data': {
    trips: [
      { settings: volume, secrets: password() },
      { settings: { ...inside, ...seaweedfs }, secrets: keys() },
    ],
    spares: [
      { settings: bucket(), secrets: keys() },
      { settings: { ...volume, purpose: 'evaluation' }, secrets: password() },
    ],
  },
  'backup-out-of-reach': {
    trips: [
      { settings: bucket({ endpoint: 'http://localhost:9000' }), secrets: keys() },
      { settings: bucket({ endpoint: 'http://host.docker.internal:9000' }), secrets: keys() },
    ],
    spares: [
      { settings: bucket(), secrets: keys() },
      { settings: bucket({ endpoint: 'http://minio.storage.svc:9000' }), secrets: keys() },
      {
        settings: {
          ...bucket({ endpoint: 'http://localhost:9000' }),
          pods: { backup: { sidecars: [{ name: 'tunnel', image: 'docker.io/acme/tunnel:1.0' }] } },
        },
        secrets: keys(),
      },
    ],
  },
  'backup-before-without': {
    trips: [{ settings: { migration: { backup: 'before' } } }],
    spares: [
      { settings: { migration: { backup: 'off' } } },
      { settings: { ...volume, migration: { backup: 'before' } }, secrets: password() },
    ],
  },
};

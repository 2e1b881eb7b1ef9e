import * as z from 'zod';
import { email, renderer, s3, webhooks } from './services';
import { bytes, dnsName } from './values';
import { amounts } from './workload';

const volume = (size: string) => ({
  size: bytes.default(size).describe(`Size of the volume; it can grow but not shrink. Unset: ${size}.`),
  storageClassName: dnsName.optional().describe('Unset: the cluster’s default class.'),
});

const version = z
  .literal([15, 16, 17, 18], { error: 'must be a major version of PostgreSQL from 15 to 18' })
  .default(17)
  .describe('Major version. Data of another major is not read: it has to be dumped and restored. Unset: 17.');

const postgres = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: external('A database of yours; STACK_DATABASE_CONNECTION_STRING says where.'),
        port: z
          .int()
          .min(1)
          .max(65535)
          .default(5432)
          .describe(
            'For the NetworkPolicies, when the URL is in a Secret that is not read here, e.g. 6432 of a pooler. If that holds for MIGRATION_DATABASE_CONNECTION_STRING, the migration Job is let through on this port and on 5432; another one goes into network.egress. Unset: 5432.',
          ),
        maxConnections: z
          .int()
          .min(1)
          .optional()
          .describe('The database’s connection limit, to check the replicas against. Unset: not checked.'),
      }),
      z.strictObject({
        mode: z.literal('bundled').describe('One pod in the namespace, for evaluation only.'),
        version,
        ...volume('10Gi'),
        resources: z
          .strictObject({ requests: amounts('100m', '256Mi', '64Mi'), limits: amounts('1', '1Gi', '1Gi') })
          .prefault({})
          .describe('What the pod gets.'),
      }),
      z.strictObject({
        mode: z.literal('cloudnative-pg').describe('A Cluster of three instances; the operator is there already.'),
        version,
        ...volume('20Gi'),
        resources: z
          .strictObject({ requests: amounts('500m', '1Gi', '256Mi'), limits: amounts('2', '2Gi', '2Gi') })
          .prefault({})
          .describe('What each instance gets.'),
        podMonitor: z
          .boolean()
          .default(false)
          .describe('Have the operator make a PodMonitor for Prometheus. Unset: false.'),
      }),
    ],
    { error: 'must have a mode: external, bundled or cloudnative-pg' },
  )
  .prefault({})
  .describe('PostgreSQL. Unset: { mode: external }.');

const single = {
  ...volume('10Gi'),
  replicas: z
    .literal(1, {
      error:
        'must be 1: the server’s migrations make plain tables and users on the one node they reach, so every other replica would stay empty',
    })
    .default(1)
    .describe('Always 1: tables and users are made on one node and are not replicated. Unset: 1.'),
  resources: z
    .strictObject({ requests: amounts('250m', '1Gi', '64Mi'), limits: amounts('2', '2Gi', '1Gi') })
    .prefault({})
    .describe('What the pod gets; ClickHouse keeps itself below the memory limit.'),
};

const clickhouse = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: external('A ClickHouse of yours; STACK_CLICKHOUSE_URL says where.') }),
      z.strictObject({
        mode: z.literal('bundled').describe('One pod in the namespace, for evaluation only.'),
        ...single,
      }),
      z.strictObject({
        mode: z.literal('altinity').describe('A ClickHouseInstallation; Altinity’s operator is there already.'),
        ...single,
      }),
    ],
    { error: 'must have a mode: external, bundled or altinity' },
  )
  .prefault({})
  .describe('ClickHouse. Unset: { mode: external }.');

export const stores = z
  .strictObject({ postgres, clickhouse, email, s3, webhooks, renderer })
  .prefault({})
  .describe('What keeps the data, and whether it runs in the namespace.');

function external(description: string) {
  return z.literal('external').optional().default('external').describe(`${description} Unset: external.`);
}

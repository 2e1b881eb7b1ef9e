import * as z from 'zod';
import { parseUrl } from '../parse-url';
import { bytes, dnsName, schedule } from './values';
import { amounts } from './workload';

const endpoint = z.string().max(300, { error: 'must have at most 300 characters' }).refine(isEndpoint, {
  error:
    'must be http:// or https:// and a host with an optional port, and nothing behind it: bucket and prefix have fields of their own',
});

const bucket = z.strictObject({
  bucket: z
    .string()
    .regex(/^(?![\d.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
      error: 'must be the name of a bucket: 3 to 63 lower-case letters, digits, dashes and dots',
    })
    .describe('Its name. It is made if the key may make one; nothing else should be in it below the prefix.'),
  endpoint: endpoint.optional().describe('URL of the S3-compatible store. Unset: AWS, in the region.'),
  region: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'must be a region such as eu-central-1' })
    .default('us-east-1')
    .describe('Region that requests are signed for. Unset: us-east-1.'),
  prefix: z
    .string()
    .max(200, { error: 'must have at most 200 characters' })
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, {
      error: 'must be a path such as auth/production, without a slash at its ends',
    })
    .optional()
    .describe('Where in the bucket. Unset: hexclave/<environment>.'),
});

const volume = z.strictObject({
  volume: z
    .strictObject({
      size: bytes.default('20Gi').describe('Size of the volume; it can grow but not shrink. Unset: 20Gi.'),
      storageClassName: dnsName.optional().describe('Unset: the cluster’s default class.'),
    })
    .describe('A volume in the namespace. It goes with the namespace: copy it to somewhere else, or use a bucket.'),
});

const count = (most: number, usual: number, what: string) =>
  z.int().min(0).max(most).default(usual).describe(`How many ${what} have their last backup kept. Unset: ${usual}.`);

const keep = z
  .strictObject({
    daily: count(366, 7, 'days'),
    weekly: count(260, 4, 'weeks'),
    monthly: count(120, 6, 'months'),
    beforeMigration: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How many of the backups that migration Jobs took are kept. Unset: 5.'),
  })
  .refine(({ daily, weekly, monthly }) => daily + weekly + monthly > 0, {
    error: 'must keep something: with daily, weekly and monthly at 0 every backup would be removed after it was made',
  })
  .prefault({})
  .describe('Which backups are kept; the others are removed after each scheduled one.');

const restoreTest = z
  .strictObject({
    schedule: schedule.default('43 4 * * 0').describe('Cron schedule in UTC. Unset: Sundays at 04:43.'),
    disk: bytes
      .default('10Gi')
      .describe('Node disk of the scratch database: twice the size of yours is enough. Unset: 10Gi.'),
  })
  .optional()
  .describe(
    'A CronJob that checks the repository and restores the newest backup into a PostgreSQL of its own, which goes with its pod; it fails when the backup is not what it counted. Unset: none.',
  );

export const backup = z
  .strictObject({
    schedule: schedule.default('17 2 * * *').describe('Cron schedule in UTC. Unset: every night at 02:17.'),
    to: z
      .union([bucket, volume], {
        error: 'must be { bucket, endpoint, region } of an S3-compatible store, or { volume: { size } }',
      })
      .describe('Where the backups go; they are encrypted with BACKUP_PASSWORD.'),
    keep,
    restoreTest,
    resources: z
      .strictObject({ requests: amounts('100m', '256Mi', '64Mi'), limits: amounts('2', '1Gi', '4Gi') })
      .prefault({})
      .describe('What the pod of a backup gets.'),
  })
  .optional()
  .describe('Backups of PostgreSQL by pg_dump and restic. Unset: none; the backups are yours.');

function isEndpoint(text: string): boolean {
  const url = parseUrl(text);
  const { protocol, username, password, pathname, search, hash } = url ?? {};
  return (
    (protocol === 'http:' || protocol === 'https:') &&
    !username &&
    !password &&
    (pathname === '/' || pathname === '') &&
    !search &&
    !hash
  );
}

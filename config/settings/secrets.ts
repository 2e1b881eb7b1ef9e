import * as z from 'zod';
import { dnsName, secretKeyRef, variableName } from './values';

export const secrets = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: z.literal('env-file').describe('secrets.env becomes a Secret in a file that git ignores.'),
        revision: z.coerce
          .string()
          .default('')
          .describe(
            'Change it to roll the pods and re-run the migration Job when a Secret that is not written here has changed.',
          ),
      }),
      z.strictObject({
        mode: z.literal('existing').describe('A Secret that is there already; nothing secret is read or written.'),
        name: dnsName.describe('Its name.'),
        revision: z.coerce
          .string()
          .default('')
          .describe('Change it when the Secret has changed: it rolls the pods and re-runs the migration Job.'),
      }),
    ],
    { error: 'must have a mode: env-file or existing' },
  )
  .prefault({ mode: 'env-file' })
  .describe('Where secret variables come from. Unset: { mode: env-file }.');

export const env = z
  .record(variableName, z.union([z.string(), secretKeyRef], { error: 'must be a text in quotes, or { secret, key }' }))
  .default({})
  .describe(
    'Extra environment variables of the server: a text, or { secret, key } to take one variable from another Secret.',
  );

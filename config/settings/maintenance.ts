import * as z from 'zod';
import { dnsLabel, mapOf, schedule } from './values';
import { amounts } from './workload';

const endpoint = z.strictObject({
  path: z
    .string()
    .max(2000, { error: 'must have at most 2000 characters' })
    .regex(/^\/[\x21-\x7e]*$/, { error: 'must be a path that starts with /' })
    .describe('Path and query on the API, e.g. /api/latest/internal/my-step.'),
  schedule: schedule.optional().describe('Cron schedule in UTC. Unset: maintenance.schedule.'),
  timeoutSeconds: z.int().min(1).max(3600).default(90).describe('Longest time one call may take. Unset: 90.'),
});

export const maintenance = z
  .strictObject({
    schedule: schedule.default('* * * * *').describe('When the endpoints are called. Unset: every minute.'),
    emailQueueStep: z.boolean().default(true).describe('Sends queued e-mail. Unset: true.'),
    sequencer: z.boolean().default(true).describe('Schedules external database sync. Unset: true.'),
    poller: z
      .boolean()
      .optional()
      .describe('Publishes sync work to QStash. Unset: runs when QStash is configured, is suspended otherwise.'),
    workflowEngineStep: z.boolean().default(false).describe('Only for images since autumn 2026. Unset: false.'),
    issuesReconciler: z
      .boolean()
      .default(false)
      .describe('Every five minutes; only for images since autumn 2026. Unset: false.'),
    extra: mapOf(dnsLabel, endpoint).default({}).describe('Further endpoints to call, by name.'),
    resources: z
      .strictObject({ requests: amounts('10m', '16Mi', '1Mi'), limits: amounts('200m', '64Mi', '16Mi') })
      .prefault({})
      .describe('What the pod of a call gets.'),
  })
  .prefault({})
  .describe('CronJobs that call the API with the CRON_SECRET.');

import * as z from 'zod';
import { bytes, dnsName } from './values';
import { amounts } from './workload';

/** Settings of what the server calls besides its databases: an e-mail server, an object store, a sender of webhooks. */

export const email = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: external('A mail server of yours; STACK_EMAIL_HOST and its four companions say which.') }),
      z.strictObject({
        mode: z
          .literal('mailpit')
          .describe('Mailpit in the namespace keeps every e-mail and delivers none, for evaluation only.'),
        resources: resources('10m', '32Mi', '64Mi', '500m', '128Mi', '256Mi'),
      }),
    ],
    { error: 'must have a mode: external or mailpit' },
  )
  .prefault({})
  .describe('Where e-mail goes. Unset: { mode: external }.');

export const s3 = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: external('A store of yours; STACK_S3_ENDPOINT and its companions say which.') }),
      z.strictObject({
        mode: z.literal('seaweedfs').describe('One SeaweedFS pod in the namespace, for evaluation only.'),
        size: bytes.default('5Gi').describe('Size of the volume; it can grow but not shrink. Unset: 5Gi.'),
        storageClassName: dnsName.optional().describe('Unset: the cluster’s default class.'),
        resources: resources('50m', '256Mi', '64Mi', '1', '512Mi', '256Mi'),
      }),
    ],
    { error: 'must have a mode: external or seaweedfs' },
  )
  .prefault({})
  .describe('Object store for images and session replays. Unset: { mode: external }.');

export const webhooks = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: external('Svix Cloud or a Svix of yours; STACK_SVIX_API_KEY is its key.') }),
      z.strictObject({
        mode: z
          .literal('svix')
          .describe('One Svix pod in the namespace, with a database on the bundled PostgreSQL, for evaluation only.'),
        resources: resources('50m', '128Mi', '64Mi', '500m', '256Mi', '256Mi'),
      }),
    ],
    { error: 'must have a mode: external or svix' },
  )
  .prefault({})
  .describe('What delivers webhooks. Unset: { mode: external }.');

export const renderer = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: external('Freestyle, or what STACK_FREESTYLE_API_ENDPOINT says; STACK_FREESTYLE_API_KEY is its key.'),
      }),
      z.strictObject({
        mode: z
          .literal('bundled')
          .describe('Pods in the namespace, two when there are two of the server. No e-mail’s content leaves it.'),
        concurrency: z
          .int()
          .min(1)
          .max(16)
          .default(2)
          .describe(
            'How many e-mails, or batches of them, a pod renders at a time. Its CPU and memory follow: half a CPU and half a GiB for each. Unset: 2.',
          ),
      }),
    ],
    { error: 'must have a mode: external or bundled' },
  )
  .prefault({})
  .describe('What renders e-mail: every template is a program. Unset: { mode: external }.');

/** Requests, then limits: CPU, memory, node disk. */
function resources(...[cpu, memory, disk, cpuLimit, memoryLimit, diskLimit]: Six) {
  return z
    .strictObject({ requests: amounts(cpu, memory, disk), limits: amounts(cpuLimit, memoryLimit, diskLimit) })
    .prefault({})
    .describe('What the pod gets.');
}

type Six = [string, string, string, string, string, string];

function external(description: string) {
  return z.literal('external').optional().default('external').describe(`${description} Unset: external.`);
}

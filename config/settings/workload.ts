import * as z from 'zod';
import {
  bytes,
  cpu as cpus,
  dnsName,
  labelValue,
  listOf,
  mapOf,
  metadataKey,
  qualifiedName,
  secretDataKey,
} from './values';

/** CPU, memory and node disk, each with its default. */
export const amounts = (cpu: string, memory: string, storage: string, about = 'Node disk') =>
  z
    .strictObject({
      cpu: cpus.default(cpu).describe(`CPU. Unset: ${cpu}.`),
      memory: bytes.default(memory).describe(`Memory. Unset: ${memory}.`),
      'ephemeral-storage': bytes.default(storage).describe(`${about}. Unset: ${storage}.`),
    })
    .prefault({});

const WORK_DIRECTORY = 'Node disk; the work directory alone takes 3.3 GB';

export const replicas = z
  .union(
    [
      z.int().min(1).max(100),
      z.strictObject({
        min: z.int().min(1).max(100),
        max: z.int().min(1).max(100),
        cpuPercent: z
          .int()
          .min(10)
          .max(100)
          .default(70)
          .describe('CPU use, in percent of the request, to scale at. Unset: 70.'),
      }),
    ],
    { error: 'must be a number of replicas, or { min, max }' },
  )
  .default(2)
  .describe(
    'How many server pods; { min, max } emits a HorizontalPodAutoscaler, which needs a metrics API such as metrics-server. Unset: 2.',
  );

export const resources = z
  .strictObject({
    requests: amounts('500m', '1Gi', '5Gi', WORK_DIRECTORY),
    limits: amounts('2', '3Gi', '8Gi', WORK_DIRECTORY),
  })
  .prefault({})
  .describe('What a server pod gets. Node heaps follow from the memory limit.');

export const migration = z
  .strictObject({
    gate: z
      .enum(['strict', 'ledger', 'off'])
      .default('strict')
      .describe(
        'What a new pod waits for. strict: migrations and seed of exactly this release. ledger: the migrations of its image. off: nothing. Unset: strict.',
      ),
    seed: z
      .boolean()
      .default(true)
      .describe(
        'false: the Job migrates and leaves the seed out, for a release whose seed fails on the data that is there. The gate waits as before. A database that was never seeded is refused. Unset: true.',
      ),
    attempt: z
      .int()
      .min(0)
      .default(0)
      .describe('Raise it to run the migration Job of the same release once more. Unset: 0.'),
    backup: z
      .enum(['before', 'off'])
      .optional()
      .describe(
        'before: the Job takes a backup before it migrates, when there is something to migrate; without one it does not migrate. Unset: before with backup, off without.',
      ),
    resources: z
      .strictObject({ requests: amounts('250m', '512Mi', '256Mi'), limits: amounts('2', '2Gi', '1Gi') })
      .prefault({})
      .describe('What the migration Job gets.'),
    gateResources: z
      .strictObject({ requests: amounts('10m', '64Mi', '16Mi'), limits: amounts('500m', '256Mi', '256Mi') })
      .prefault({})
      .describe('What the gate in front of a server pod gets; it runs before the server and not beside it.'),
  })
  .prefault({})
  .describe('The migration Job and the gate in front of every server pod.');

export const caBundle = z
  .strictObject({
    configMap: dnsName.describe('Name of a ConfigMap in the namespace.'),
    key: secretDataKey.default('ca.crt').describe('Unset: ca.crt.'),
  })
  .optional()
  .describe(
    'Certificates the server trusts besides the public ones: for a database or an ingress with a private CA. Unset: none.',
  );

export const labels = mapOf(metadataKey, labelValue).default({}).describe('Put on every object and pod. Unset: none.');

export const annotations = mapOf(metadataKey, z.string())
  .default({})
  .describe('Put on every object and pod. Unset: none.');

export const nodeSelector = mapOf(qualifiedName, labelValue)
  .default({})
  .describe('Nodes the pods may run on. Unset: any.');

export const tolerationList = listOf(
  z
    .strictObject({
      key: qualifiedName.optional().describe('Key of the taint. Unset: with operator Exists, every taint.'),
      operator: z.enum(['Exists', 'Equal']).optional().describe('Unset: Equal.'),
      value: labelValue.optional().describe('Value of the taint, with operator Equal. Unset: the empty one.'),
      effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('Unset: all of them.'),
      tolerationSeconds: z
        .int()
        .min(0)
        .optional()
        .describe('How long a pod stays on a node with the taint, with effect NoExecute. Unset: for good.'),
    })
    .check(wholeToleration),
);

export const tolerations = tolerationList.default([]).describe('Put on every pod. Unset: none.');

export const priorityClassName = dnsName
  .optional()
  .describe('Put on the server, migration and database pods. Unset: the cluster’s default.');

/** The API server's own conditions between the fields (ValidateTolerations). */
function wholeToleration({ value: toleration, issues }: z.core.ParsePayload<Toleration>): void {
  const { key, operator = 'Equal', value, effect, tolerationSeconds } = toleration;
  const refuse = (field: keyof Toleration, message: string) =>
    issues.push({ code: 'custom', input: toleration, path: [field], message });
  if (key === undefined && operator === 'Equal') {
    refuse('key', 'must be written unless operator is Exists, which without a key stands for every taint');
  }
  if (value && operator === 'Exists') refuse('value', 'must be left out with operator Exists, which asks for no value');
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    refuse('tolerationSeconds', 'must be left out unless effect is NoExecute, the only one that evicts a pod');
  }
}

interface Toleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

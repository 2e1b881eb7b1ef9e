import * as z from 'zod';
import { dnsName, listOf, mapOf, secretKeyRef, variableName } from './values';

const REVISION = 'must be a text or a whole number; put anything else in quotes, as in "1.10"';

const common = {
  // A number is kept as it is written only when it is whole: YAML reads 1.10 as 1.1, and the pods would not roll.
  revision: z
    .union([z.string(), z.int({ error: REVISION })], { error: REVISION })
    .default('')
    .transform(String)
    .describe(
      'Change it when a Secret has changed whose values are not known here: it rolls the pods and re-runs the migration Job.',
    ),
  reloader: z
    .boolean()
    .default(false)
    .describe(
      'Annotates the Deployment so that Stakater’s Reloader restarts its pods when a Secret they read changes. Unset: false.',
    ),
};

const goDuration = z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, { error: 'must be a duration such as 30m or 1h' });

const remoteText = z.string().min(1, { error: 'must not be empty' });

const remoteRef = z.strictObject({
  key: remoteText.describe('Name or path of the entry in the store.'),
  property: remoteText.optional().describe('Field of the entry. Unset: the entry as a whole.'),
  version: remoteText.optional().describe('Unset: the newest.'),
});

const generator = z.strictObject({
  name: dnsName.describe('Its name.'),
  kind: z
    .enum(['Password', 'ClusterGenerator'])
    .default('Password')
    .describe('A ClusterGenerator must be one of kind Password. Unset: Password.'),
});

/** It becomes a part of a Secret’s name. */
const generatedName = variableName.max(200).refine((name) => /[A-Za-z0-9]$/.test(name), {
  error: 'must end with a letter or a digit, for a Secret is named after it',
});

const externalSecrets = z.strictObject({
  mode: z
    .literal('external-secrets')
    .describe('External Secrets Operator makes the Secret from a store such as Vault or a cloud’s secret manager.'),
  store: z
    .strictObject({
      name: dnsName.describe('Its name.'),
      kind: z.enum(['SecretStore', 'ClusterSecretStore']).default('SecretStore').describe('Unset: SecretStore.'),
    })
    .describe('For external-secrets: the operator’s store.'),
  from: z
    .union(
      [
        z.strictObject({ key: remoteText.describe('One entry with a field for each variable, named like it.') }),
        z.strictObject({
          prefix: z.string().describe('An entry for each variable, named by the prefix and its name.'),
        }),
      ],
      { error: 'must be exactly one of { key } or { prefix }' },
    )
    .optional()
    .describe('For external-secrets: where the variables are in the store. Unset: remoteRefs names each.'),
  remoteRefs: mapOf(variableName, remoteRef)
    .default({})
    .describe('For external-secrets: variables that are elsewhere in the store, each with its place. Unset: none.'),
  variables: listOf(variableName)
    .default([])
    .describe(
      'For external-secrets: variables to take from the store besides the required ones, for what the store holds is not known here. Unset: none.',
    ),
  generators: mapOf(generatedName, generator)
    .refine((map) => new Set(Object.keys(map).map((name) => name.toLowerCase())).size === Object.keys(map).length, {
      error: 'must have no two names that differ in upper and lower case alone: they would be one Secret',
    })
    .default({})
    .describe(
      'For external-secrets: variables that a generator of the operator makes up once. Each goes into a Secret of its own, which is refreshed never and outlives its ExternalSecret: it holds the only copy. Unset: none.',
    ),
  refreshPolicy: z
    .enum(['OnChange', 'Periodic', 'CreatedOnce'])
    .default('OnChange')
    .describe(
      'For external-secrets: when the operator reads the store again. OnChange: when this ExternalSecret changes, so a new revision brings new values and new pods together. Periodic: every refreshInterval. CreatedOnce: never. Unset: OnChange.',
    ),
  refreshInterval: goDuration.default('1h').describe('For external-secrets with refreshPolicy Periodic. Unset: 1h.'),
  creationPolicy: z
    .enum(['Owner', 'Orphan'])
    .default('Owner')
    .describe(
      'For external-secrets. Owner: the Secret is deleted with its ExternalSecret, and no pod starts until both are back. Orphan: the Secret stays, and somebody has to delete it in the end. Unset: Owner.',
    ),
  ...common,
});

export const secrets = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({
        mode: z.literal('env-file').describe('secrets.env becomes a Secret in a file that git ignores.'),
        ...common,
      }),
      z.strictObject({
        mode: z.literal('existing').describe('A Secret that is there already; nothing secret is read or written.'),
        name: dnsName.describe('Its name.'),
        ...common,
      }),
      externalSecrets,
      z.strictObject({
        mode: z
          .literal('sealed-secrets')
          .describe(
            'The seal command encrypts secrets.env for the controller of Sealed Secrets; the result is committed.',
          ),
        scope: z
          .enum(['strict', 'namespace-wide', 'cluster-wide'])
          .default('strict')
          .describe(
            'For sealed-secrets: where the sealed values can be opened. strict: in this namespace under this name. namespace-wide: in this namespace. cluster-wide: anywhere in the cluster. Unset: strict.',
          ),
        certificate: z
          .string()
          .min(1)
          .default('certificate.pem')
          .describe(
            'For sealed-secrets: the controller’s certificate as kubeseal --fetch-cert prints it, relative to the environment’s folder. Unset: certificate.pem.',
          ),
        ...common,
      }),
      z.strictObject({
        mode: z
          .literal('sops')
          .describe(
            'The seal command encrypts secrets.env with sops and the repository’s .sops.yaml; the result is committed.',
          ),
        ...common,
      }),
    ],
    { error: 'must have a mode: env-file, existing, external-secrets, sealed-secrets or sops' },
  )
  .prefault({ mode: 'env-file' })
  .describe('Where secret variables come from. Unset: { mode: env-file }.');

export const env = mapOf(
  variableName,
  z.union([z.string(), secretKeyRef], { error: 'must be a text in quotes, or { secret, key }' }),
)
  .default({})
  .describe(
    'Extra environment variables of the server: a text, or { secret, key } to take one variable from another Secret.',
  );

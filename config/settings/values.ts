import * as z from 'zod';
import { amount } from '../quantity';
import { isCronSchedule } from './cron';

/** The forms of value that several fields of `environment.yaml` share, with the message for a value of another form. */

export const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: 'must be a DNS label: lower-case letters, digits and dashes, at most 63 characters',
});
export const dnsName = text(
  253,
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'must be a DNS name: lower-case letters and digits, with dashes and single dots between them, at most 253 characters',
);
export const secretDataKey = text(
  253,
  /^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$/,
  'must be a key a Secret can have: letters, digits, dashes, dots and underscores, and not two dots first',
);
export const variableName = z
  .string()
  // It becomes a key of a ConfigMap or a Secret.
  .max(253, { error: 'must have at most 253 characters' })
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be an environment variable name' });
/** Not `2Gi`, which Kubernetes would take for two thousand million CPUs, and wait for a node that has them. */
export const cpu = quantity({
  form: /^\d+(\.\d+)?$|^\d+m$/,
  least: 0.001,
  most: 1000,
  error: 'must be a number of CPUs such as 2 or 500m, from 1m to 1000',
});
/** Not `500m`, which is half a byte to Kubernetes, and not `10`, which is ten of them. */
export const bytes = quantity({
  form: /^\d+(\.\d+)?(k|Ki|M|Mi|G|Gi|T|Ti)$|^\d+$/,
  least: 2 ** 20,
  most: Number.MAX_SAFE_INTEGER,
  error: 'must be an amount of bytes with its unit, such as 512Mi or 3Gi, and at least 1Mi',
});
export const labelValue = z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, {
  error: 'must be a label value: at most 63 letters, digits, dashes, dots and underscores',
});
/** The key of a label, an annotation or a taint. */
export const qualifiedName = text(
  253 + 1 + 63,
  /^(?![^/]{254})([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  'must be a key such as team or example.com/team, of at most 253 characters before the slash and 63 behind it',
);
export const metadataKey = qualifiedName.refine(
  (key) => !/^(app\.kubernetes\.io|hexclave\.dev)\/|^argocd\.argoproj\.io\/sync-wave$/.test(key),
  {
    error: 'belongs to the manifests themselves',
  },
);
/** The name of a field in an object of Kubernetes' own. */
export const bareKey = z.string().min(1);
export const schedule = z.string().refine(isCronSchedule, {
  error: 'must be a cron schedule with five fields that Kubernetes takes, such as "*/5 * * * *"',
});

export const imageReference = text(
  400,
  /^[a-z0-9][a-z0-9._:/-]*(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/,
  'must be an image reference such as docker.io/curlimages/curl:8.16.0, of at most 400 characters',
);

export const secretKeyRef = z.strictObject({
  secret: dnsName.describe('Name of a Secret in the same namespace.'),
  key: secretDataKey.describe('The key in that Secret.'),
});

/** A map with keys of the user's choice: not so many that an object would not fit into the cluster. */
export function mapOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(key: Key, value: Value, most = 500) {
  return z.record(key, value).refine((map) => Object.keys(map).length <= most, {
    error: `must have at most ${most} entries`,
  });
}

/** A list of the user's, with the same bound. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(500, { error: 'must have at most 500 entries' });
}

function text(longest: number, form: RegExp, error: string) {
  // Patterns that look back and forth would take hours over a text of megabytes.
  const when = ({ value }: { value: unknown }) => String(value).length <= longest;
  // Its types do not know `when`, which every check of zod has.
  return z
    .string()
    .max(longest, { error })
    .regex(form, { error, when } as { error: string });
}

interface Quantity {
  readonly form: RegExp;
  readonly least: number;
  readonly most: number;
  readonly error: string;
}

function quantity({ form, least, most, error }: Quantity) {
  const within = z
    .string()
    .regex(form, { error, abort: true })
    .refine((value) => amount(value) >= least && amount(value) <= most, { error });
  return z.union([within, z.number().min(least, { error }).max(most, { error })], { error });
}

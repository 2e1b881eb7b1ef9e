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
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  'must be a key such as team or example.com/team, of at most 63 characters behind the slash',
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

export const imageReference = z.string().regex(/^[a-z0-9][a-z0-9._:/-]*(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/, {
  error: 'must be an image reference such as docker.io/curlimages/curl:8.16.0',
});

export const secretKeyRef = z.strictObject({
  secret: dnsName.describe('Name of a Secret in the same namespace.'),
  key: secretDataKey.describe('The key in that Secret.'),
});

function text(longest: number, form: RegExp, error: string) {
  return z.string().max(longest, { error }).regex(form, { error });
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

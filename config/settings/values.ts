import * as z from 'zod';
import { isCronSchedule } from './cron';

/** The forms of value that several fields of `environment.yaml` share, with the message for a value of another form. */

export const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: 'must be a DNS label: lower-case letters, digits and dashes, at most 63 characters',
});
export const dnsName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, {
  error: 'must be a DNS name: lower-case letters, digits, dashes and dots',
});
export const secretDataKey = z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/, {
  error: 'must be a key a Secret can have: letters, digits, dashes, dots and underscores',
});
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be an environment variable name' });
export const quantity = z.union([z.string().regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/), z.number().positive()], {
  error: 'must be a Kubernetes quantity such as 500m, 2 or 3Gi',
});
export const labelValue = z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, {
  error: 'must be a label value: at most 63 letters, digits, dashes, dots and underscores',
});
export const metadataKey = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, {
    error: 'must be a label or annotation key such as team or example.com/team',
  })
  .refine((key) => !/^(app\.kubernetes\.io|hexclave\.dev)\/|^argocd\.argoproj\.io\/sync-wave$/.test(key), {
    error: 'belongs to the manifests themselves',
  });
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

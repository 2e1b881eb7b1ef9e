import * as z from 'zod';
import { dnsLabel, listOf } from './values';

export const platform = z
  .enum(['kubernetes', 'openshift'])
  .default('kubernetes')
  .describe(
    'openshift: Routes in place of Ingress objects, and user and group of every pod left to the platform. Unset: kubernetes.',
  );

export const namespace = z
  .strictObject({
    name: dnsLabel.optional().describe('Unset: hexclave-<environment>.'),
    create: z.boolean().default(true).describe('false: the namespace exists already and is left alone. Unset: true.'),
  })
  .prefault({})
  .describe('Where the objects live.');

export const network = z
  .strictObject({
    ipFamilyPolicy: z
      .enum(['SingleStack', 'PreferDualStack', 'RequireDualStack'])
      .optional()
      .describe('Of every Service. Unset: the cluster’s default, SingleStack.'),
    ipFamilies: z
      .array(z.enum(['IPv4', 'IPv6']))
      .min(1)
      .max(2)
      .refine((families) => new Set(families).size === families.length, { error: 'must name no family twice' })
      .optional()
      .describe('Of every Service, the first one first. Unset: the cluster’s own.'),
    allowPrivateEgress: z
      .boolean()
      .default(false)
      .describe(
        'Let the server call pods and private addresses (10/8, 172.16/12, 192.168/16, …) on 443, e.g. an ingress or OIDC provider inside; the migration Job too, if ClickHouse or Svix is on 443. Unset: false.',
      ),
    ingressNamespace: dnsLabel
      .optional()
      .describe(
        'The namespace of the ingress controller or gateway: only its pods may reach the server then, and the server may reach their https port. Unset: anyone may reach the server’s two ports.',
      ),
    egress: listOf(
      z.strictObject({
        port: z
          .int()
          .min(1)
          .max(65535)
          .describe('TCP port as the destination pod or host listens on it; behind a Service that is the target port.'),
        cidr: z
          .union([z.cidrv4(), z.cidrv6()], { error: 'must be a network such as 10.0.0.0/8' })
          .optional()
          .describe(
            'A network that touches private ranges lets the port of every pod in the cluster through as well, for some CNIs find no pod by its address. Unset: anywhere but the cloud metadata address.',
          ),
        pods: z
          .array(z.enum(['server', 'migration', 'maintenance', 'stores', 'backup']))
          .min(1)
          .optional()
          .describe('Whose way it is. Unset: that of all pods.'),
      }),
    )
      .default([])
      .describe(
        'Further destinations of the pods, but for the renderer’s, which reach nothing: e.g. the control plane of a service mesh, the databases that External DB Sync writes to, or what a URL leads to that is in a Secret and not read here. Unset: none.',
      ),
  })
  .prefault({})
  .describe('NetworkPolicies.');

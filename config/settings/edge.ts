import * as z from 'zod';
import { dnsName } from './values';

export const edge = z
  .strictObject({
    type: z
      .enum(['ingress', 'none'])
      .default('ingress')
      .describe('none: you route to the Services yourself. Unset: ingress.'),
    ingressClassName: dnsName.optional().describe('Unset: the cluster’s default class.'),
    annotations: z.record(z.string(), z.string()).default({}).describe('Put on both Ingress objects. Unset: none.'),
    tls: z
      .union(
        [
          z.strictObject({ clusterIssuer: dnsName.describe('A cert-manager ClusterIssuer.') }),
          z.strictObject({ issuer: dnsName.describe('A cert-manager Issuer in the namespace.') }),
          z.strictObject({
            secrets: z
              .strictObject({ api: dnsName, dashboard: dnsName })
              .describe('Existing TLS Secrets for the two hosts.'),
          }),
          z.strictObject({
            external: z.literal(true).describe('TLS ends in front of the Ingress, e.g. at a cloud load balancer.'),
          }),
        ],
        {
          error:
            'must be exactly one of { clusterIssuer }, { issuer }, { secrets: { api, dashboard } } or { external: true }',
        },
      )
      .optional()
      .describe('Certificates of both hosts. Needed for an Ingress.'),
  })
  .prefault({})
  .describe('How the two hosts are reached.');

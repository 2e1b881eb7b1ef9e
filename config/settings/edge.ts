import * as z from 'zod';
import { edgeProperties, presetNames } from '../edge-presets';
import { dnsName, listOf, mapOf, metadataKey } from './values';

const port = z.int().min(1).max(65535);

export const edge = z
  .strictObject({
    type: z
      .enum(['ingress', 'gateway', 'none'])
      .default('ingress')
      .describe(
        'ingress: an Ingress per host (on OpenShift a Route). gateway: an HTTPRoute per host. none: you route to the Services yourself. Unset: ingress.',
      ),
    preset: z
      .enum(presetNames)
      .default('none')
      .describe(
        'The controller that reads the objects; its annotations and further objects are emitted too. Unset: none, plain objects for any controller.',
      ),
    ingressClassName: dnsName.optional().describe('Unset: the preset’s class, or with none the cluster’s default.'),
    annotations: mapOf(metadataKey, z.string())
      .default({})
      .describe('Put on every Ingress, HTTPRoute or Route, over the preset’s own. Unset: none.'),
    hsts: z
      .int()
      .min(0)
      .default(31_536_000)
      .describe(
        'Seconds of Strict-Transport-Security. Browsers must get it from one place: 0 where another proxy sends it. Unset: 31536000, one year.',
      ),
    gateway: gateway(),
    tls: tls(),
    behind: z
      .enum(['cloudflare', 'vercel', 'cloudrun'])
      .optional()
      .describe(
        'An outer proxy, when the edge can be reached through it alone. Unset: clients reach the edge directly.',
      ),
    elsewhere: listOf(z.enum(edgeProperties))
      .default([])
      .describe('What you have set in the controller itself, so that no finding names it. Unset: nothing.'),
  })
  .prefault({})
  .describe('How the two hosts are reached.');

function gateway() {
  return z
    .strictObject({
      name: dnsName.optional().describe('An existing Gateway.'),
      namespace: dnsName.optional().describe('The namespace of that Gateway. Unset: the environment’s.'),
      section: z
        .union([dnsName, z.strictObject({ api: dnsName, dashboard: dnsName })], {
          error: 'must be the name of a listener, or { api, dashboard } with one each',
        })
        .default('https')
        .describe('The https listener of that Gateway, or one for each host. Unset: https.'),
      httpSection: dnsName
        .default('http')
        .describe('The http listener of that Gateway, for the redirect. Unset: http.'),
      create: z
        .strictObject({
          className: dnsName.describe('The GatewayClass.'),
          httpPort: port
            .optional()
            .describe('Unset: 80, or 8000 with preset traefik, whose listeners name entry points.'),
          httpsPort: port.optional().describe('Unset: 443, or 8443 with preset traefik.'),
          annotations: mapOf(metadataKey, z.string()).default({}).describe('Put on the Gateway. Unset: none.'),
        })
        .optional()
        .describe('In place of name: emit a Gateway with its listeners in the environment’s namespace.'),
      redirect: z
        .union([z.literal(308), z.literal(301), z.literal(false)], { error: 'must be 308, 301 or false' })
        .default(308)
        .describe(
          'How http is sent to https. 301 for a Gateway API whose CRDs do not know 308; false: not by us. Unset: 308.',
        ),
    })
    .optional()
    .describe('The Gateway of both hosts: name or create. Needed for edge.type gateway.');
}

function tls() {
  return z
    .union(
      [
        z.strictObject({ clusterIssuer: dnsName.describe('A cert-manager ClusterIssuer.') }),
        z.strictObject({ issuer: dnsName.describe('A cert-manager Issuer in the namespace.') }),
        z.strictObject({
          secrets: z
            .strictObject({
              api: dnsName,
              dashboard: dnsName,
              s3: dnsName
                .optional()
                .describe('For the host of STACK_S3_PUBLIC_ENDPOINT with stores.s3.mode: seaweedfs. Unset: none.'),
            })
            .describe('Existing TLS Secrets for the two hosts, in the namespace.'),
        }),
        z.strictObject({
          certificateArns: listOf(
            z.string().regex(/^arn:aws[a-z-]*:(acm|iam):[^,\s]+$/, {
              error: 'must be the ARN of a certificate, such as arn:aws:acm:eu-west-1:123456789012:certificate/…',
            }),
          )
            .min(1)
            .describe('Certificates of AWS, for preset aws-alb.'),
        }),
        z.strictObject({
          managedCertificate: z.literal(true).describe('A certificate that Google makes, for preset gke.'),
        }),
        z.strictObject({
          external: z
            .literal(true)
            .describe(
              'The certificates are not ours to name: TLS ends in front of the Ingress, the existing Gateway has them, or OpenShift’s router uses its own.',
            ),
        }),
      ],
      {
        error:
          'must be exactly one of { clusterIssuer }, { issuer }, { secrets: { api, dashboard } }, { certificateArns }, { managedCertificate: true } or { external: true }',
      },
    )
    .optional()
    .describe('Certificates of both hosts. Needed unless edge.type is none.');
}

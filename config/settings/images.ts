import * as z from 'zod';
import { dnsName, imageReference, listOf } from './values';

export const image = z
  .strictObject({
    repository: z
      .string()
      .max(255, { error: 'must have at most 255 characters' })
      .regex(/^[a-z0-9][a-z0-9._:/-]*$/, { error: 'must be an image repository without tag or digest' })
      .default('docker.io/stackauth/server')
      .describe('Unset: docker.io/stackauth/server.'),
    tag: z
      .string()
      .regex(/^\w[\w.-]{0,127}$/, { error: 'must be an image tag' })
      .describe('A tag that never moves. A new tag is a new release: it gets its own migration Job.'),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: 'must be sha256: and 64 hex digits' })
      .optional()
      .describe(
        'Pins the image for good; what runs is then this digest. Unset: whatever the tag means when a node pulls it.',
      ),
  })
  .describe('The server image.');

export const images = z
  .strictObject({
    curl: imageReference
      .default('docker.io/curlimages/curl:8.16.0')
      .describe('Calls the maintenance endpoints. Needs curl 8.3 or newer.'),
    postgres: imageReference
      .optional()
      .describe(
        'Of stores.postgres, with the major version written there, and of backups. Unset: the official image, or CloudNativePG’s.',
      ),
    clickhouse: imageReference
      .default('docker.io/clickhouse/clickhouse-server:25.10.2.65')
      .describe('Of stores.clickhouse. The server is tested with 25.10.'),
    mailpit: imageReference.default('docker.io/axllent/mailpit:v1.31.4').describe('Of stores.email.'),
    seaweedfs: imageReference.default('docker.io/chrislusf/seaweedfs:4.48').describe('Of stores.s3.'),
    svix: imageReference
      .default('docker.io/svix/svix-server:v1.88.0')
      .describe('Of stores.webhooks. The default is what the vendor’s emulator runs.'),
    restic: imageReference
      .default('docker.io/restic/restic:0.18.1')
      .describe('Of backup; its program runs beside PostgreSQL’s. Needs restic 0.17 or newer.'),
    renderer: imageReference
      .default('docker.io/library/node:26.10.0-slim')
      .describe(
        'Of stores.renderer: Node 20 or newer with a shell. From 25 on Node itself keeps scripts off the network.',
      ),
  })
  .prefault({})
  .describe('The other images, as full references.');

export const registry = z
  .string()
  .max(255, { error: 'must have at most 255 characters' })
  .regex(/^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$/, {
    error: 'must be a registry host with an optional path, without a scheme',
  })
  .optional()
  .describe(
    'Stands in place of the registry host of every image, e.g. mirror.example.com/hub. Unset: images come from where they live.',
  );

export const imagePullSecrets = listOf(dnsName)
  .refine((names) => new Set(names).size === names.length, { error: 'must name no Secret twice' })
  .default([])
  .describe('Names of docker-registry Secrets, put on every pod. Unset: none.');

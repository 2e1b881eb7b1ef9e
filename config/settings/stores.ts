import * as z from 'zod';

export const stores = z
  .strictObject({
    postgres: z
      .strictObject({
        port: z
          .int()
          .min(1)
          .max(65535)
          .default(5432)
          .describe('For the NetworkPolicy, when the URL is in a Secret that is not read here. Unset: 5432.'),
        maxConnections: z
          .int()
          .min(1)
          .optional()
          .describe('The database’s connection limit, to check the replicas against. Unset: not checked.'),
      })
      .prefault({}),
  })
  .prefault({})
  .describe('Facts about the databases.');

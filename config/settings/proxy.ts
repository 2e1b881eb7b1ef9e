import * as z from 'zod';
import { secretKeyRef } from './values';

const ERROR = 'must be a URL such as http://proxy.example.com:3128, or { secret, key } when it holds user and password';

export const proxy = z
  .strictObject({
    url: z
      .union(
        [z.string().regex(/^https?:\/\/([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?\/?$/, { error: ERROR }), secretKeyRef],
        {
          error: ERROR,
        },
      )
      .describe('Of the proxy, or the Secret that holds its URL.'),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('Its port, for the NetworkPolicies, when the URL is in a Secret. Unset: the URL’s, or 3128.'),
    noProxy: z
      .array(z.string().regex(/^[^\s,]+$/, { error: 'must be one host, without commas or blanks' }))
      .default([])
      .describe(
        'Hosts that are called directly besides those of the cluster and of the stores: names, .suffixes or addresses; Node knows no networks such as 10.0.0.0/8. Unset: none.',
      ),
  })
  .optional()
  .describe(
    'A proxy for the server’s calls to the internet, which the policies then let through to it alone. Unset: the server calls directly.',
  );

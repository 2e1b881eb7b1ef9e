import * as z from 'zod';

const pointer = z
  .string()
  .regex(/^(\/([^~]|~[01])*)+$/, {
    error: 'must be a JSON pointer such as /spec/template/spec/containers/0/env/-, with ~1 for a slash in a name',
  })
  // The library passes them over, so that the operation would be done one level higher.
  .refine((path) => !path.split('/').some((name) => ['__proto__', 'constructor', 'prototype'].includes(name)), {
    error: 'must not lead through __proto__, constructor or prototype, which are names of JavaScript’s own',
  });

/** YAML has no undefined, so a value that is not there was forgotten; null is a value. */
const value = z.unknown().refine((given) => given !== undefined, { error: 'must be written' });

const operation = z.discriminatedUnion(
  'op',
  [
    z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: pointer, value }),
    z.strictObject({ op: z.literal('remove'), path: pointer }),
    z.strictObject({ op: z.enum(['move', 'copy']), from: pointer.describe('Where it is now.'), path: pointer }),
  ],
  { error: 'must have an op: add, replace, remove, test, move or copy' },
);

export const patches = z
  .array(
    z.strictObject({
      target: z
        .strictObject({
          kind: z.string().min(1).optional().describe('E.g. Deployment. Unset: any.'),
          name: z
            .string()
            .min(1)
            .optional()
            .describe('Of the object; of a Job whose name ends in an id, the name without it. Unset: any.'),
          component: z
            .string()
            .min(1)
            .optional()
            .describe('The label app.kubernetes.io/component, e.g. server, migration or maintenance. Unset: any.'),
        })
        .refine((target) => Object.keys(target).length > 0, { error: 'must have a kind, a name or a component' })
        .describe('The objects that are changed: all that fit.'),
      patch: z
        .array(operation)
        .min(1)
        .describe('Operations of JSON Patch (RFC 6902), done in their order, as in kustomize.'),
    }),
  )
  .default([])
  .describe(
    'Changes of the objects, done last, for what no field says. A target that fits nothing is an error, and so is a change that breaks what the manifests promise. Unset: none.',
  );

export type Patch = z.output<typeof patches>[number];
export type Operation = z.output<typeof operation>;

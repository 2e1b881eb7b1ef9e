import * as z from 'zod';
import { variableName } from './values';

export const accept = z
  .array(
    z.strictObject({
      rule: z
        .string()
        .min(1, { error: 'must be the id of a rule, as a finding has it in brackets' })
        .describe('The rule, as a finding has it in brackets.'),
      variable: variableName
        .optional()
        .describe('The one variable whose findings are accepted. Unset: whatever the rule finds.'),
      reason: z
        .string()
        .trim()
        .min(8, { error: 'must be a reason that the next reader understands' })
        .describe('Why it has to be so, and until when; it is shown with the finding.'),
    }),
  )
  .default([])
  .describe(
    'Findings that are to be warnings here, such as a secret in use that was made before the rule. Not for what Kubernetes refuses or no manifest can be made from. An entry that matches nothing is a finding. Unset: none.',
  );

import type { RuleFacts } from '../../config/finding';
import { code, NOTICE, table } from './markdown';

/** Rules by id, under the heading of where they look. */
export type RuleTable = readonly (readonly [id: string, facts: RuleFacts])[];

export function rulesPage(tables: Readonly<Record<string, RuleTable>>): string {
  const sections = Object.entries(tables).map(
    ([title, rules]) => `
## ${title}

${table(
  ['Rule', 'Severity', 'What it finds'],
  rules.map(([id, { severity, summary, final }]) => [
    code(id),
    SEVERITIES[severity],
    final ? `${summary} Cannot be accepted.` : summary,
  ]),
)}`,
  );
  return `${NOTICE}

# Rules

What \`cdk8s-hexclave check\` looks for in an environment. A finding names its rule in brackets, and says with its place what
is wrong and what to write instead. Errors stop the run before anything is written; warnings do not.

What the files say can be accepted, and is a warning then: \`accept: [{ rule, variable?, reason }]\` in \`environment.yaml\`, except
where it is said below that it cannot: Kubernetes would refuse what comes of it, or no manifest can be made.
${sections.join('')}`;
}

const SEVERITIES: Readonly<Record<RuleFacts['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  depends: 'error or warning',
};

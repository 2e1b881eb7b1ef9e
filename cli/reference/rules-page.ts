import type { Rule } from '../../config/draft';
import { code, NOTICE, table } from './markdown';

export function rulesPage(rules: readonly Rule[]): string {
  return `${NOTICE}

# Rules

What \`cdk8s-hexclave check\` looks for in an environment, besides the syntax of its files. A finding names its rule in
brackets, and says with its place what is wrong and what to write instead. Errors stop the run before anything is written;
warnings do not.

${table(
  ['Rule', 'What it finds'],
  rules.map(({ id, summary }) => [code(id), summary]),
)}`;
}

import * as z from 'zod';
import { contract } from '../../config/contract';
import { clusterRules, fileRules } from '../../config/reading-rules';
import { rules } from '../../config/rules';
import { settingsSchema } from '../../config/settings';
import { environmentPage } from './environment-page';
import { formatJson } from './json';
import { rulesPage } from './rules-page';
import { variablesPage } from './variables-page';

/** The files that are made from the code and committed: path from the project's root → text. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7' });
  return new Map([
    ['config/environment.schema.json', formatJson(schema)],
    ['docs/reference/environment.md', environmentPage(schema)],
    ['docs/reference/variables.md', variablesPage(contract)],
    [
      'docs/reference/rules.md',
      rulesPage({
        'What the files say': rules.map((rule) => [rule.id, rule]),
        'How the files are written': Object.entries(fileRules),
        'What the cluster has (`preflight`)': Object.entries(clusterRules),
      }),
    ],
  ]);
}

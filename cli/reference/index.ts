import * as z from 'zod';
import { build } from '../../charts/hexclave';
import { checkGroups } from '../../cluster/doctor/checks';
import { contract } from '../../config/contract';
import { loadEnvironment } from '../../config/load';
import { join } from '../../config/paths';
import { clusterRules, fileRules, objectRules } from '../../config/reading-rules';
import { rules } from '../../config/rules';
import { acceptRules, NEVER_ACCEPTED } from '../../config/rules/accept';
import { settingsSchema } from '../../config/settings';
import { graphOf } from '../graph/read';
import { svg } from '../graph/svg';
import { apiPage } from './api-page';
import { doctorPage } from './doctor-page';
import { environmentPage } from './environment-page';
import { formatJson } from './json';
import { rulesPage } from './rules-page';
import { typesModule } from './types';
import { variablesPage } from './variables-page';
import { versionsPage } from './versions-page';

/** The files that are made from the code and committed: path from the project's root → text. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7' });
  return new Map([
    ['config/environment.schema.json', formatJson(schema)],
    ['config/environment-input.ts', typesModule(schema)],
    ['docs/reference/api.md', apiPage()],
    ['docs/reference/environment.md', environmentPage(schema)],
    ['docs/reference/production.svg', picture('production')],
    ['docs/reference/variables.md', variablesPage(contract)],
    ['docs/reference/versions.md', versionsPage(contract)],
    ['docs/reference/doctor.md', doctorPage(checkGroups)],
    [
      'docs/reference/rules.md',
      rulesPage({
        'What the files say': [
          ...rules.map(
            ({ id, severity, summary }) => [id, { severity, summary, final: NEVER_ACCEPTED.has(id) }] as const,
          ),
          ...Object.entries(acceptRules),
        ],
        'How the files are written': Object.entries(fileRules),
        'What comes of it (`pods`, `patches`, `extra/`)': Object.entries(objectRules),
        'What the cluster has (`preflight`)': Object.entries(clusterRules),
      }),
    ],
  ]);
}

/** Of a committed environment, which has no errors. */
function picture(name: string): string {
  const { environment } = loadEnvironment(join('environments', name));
  return svg(graphOf(name, [...build(environment!).objects.values()].flat()));
}

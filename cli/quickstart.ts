import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvFile } from '../config/env-file';
import { readNamed } from '../config/read-named';
import { parseSettings } from '../config/yaml-file';
import { Failure } from './failure';
import { completeSecrets } from './init/complete';
import { nextSteps } from './quickstart/next-steps';
import { synth } from './synth';
import { err, out, paint } from './terminal';

const NAME = 'evaluation';

/**
 * Makes the evaluation that the repository holds ready to apply: its secrets, once and for all, and its manifests. Run
 * again it keeps every secret, for the databases in the cluster know them.
 */
export function quickstart(): number {
  const folder = join('environments', NAME);
  const [yaml, config] = ['environment.yaml', 'config.env'].map((file) => readFile(join(folder, file)));
  const { settings } = parseSettings(yaml!, join(folder, 'environment.yaml'));
  const made = (settings && completeSecrets(folder)) ?? [];
  if (made.length > 0) err(`${paint(2, 'green', 'Made')} in ${join(folder, 'secrets.env')}: ${made.join(', ')}\n\n`);
  const code = synth([NAME]);
  if (code === 0 && settings) {
    const email = parseEnvFile(config!, 'config.env').entries.find((entry) => entry.name === ADMIN)?.value;
    out(nextSteps({ name: NAME, namespace: settings.namespace.name ?? `hexclave-${NAME}`, email }));
  }
  return code;
}

const ADMIN = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';

function readFile(file: string): string {
  if (existsSync(file)) return readNamed(file).toString();
  throw new Failure(`${file} is not there`, 1, `git checkout ${join('environments', NAME)} brings it back.`);
}

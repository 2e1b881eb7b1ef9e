import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../config/contract';
import { parseEnvFile } from '../config/env-file';
import { storeSecrets } from '../config/stores';
import { parseSettings } from '../config/yaml-file';
import { Failure } from './failure';
import { freshSecret, freshStoreSecret } from './init/fresh-secret';
import { nextSteps } from './quickstart/next-steps';
import { addLines } from './quickstart/secrets-file';
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
  if (settings) {
    const added = addLines(join(folder, 'secrets.env'), (present) => missing(storeSecrets(settings), present));
    if (added.length > 0) err(`${paint(2, 'green', 'Made')} ${join(folder, 'secrets.env')}: ${added.join(', ')}\n\n`);
  }
  const code = synth([NAME]);
  if (code === 0 && settings) {
    const email = parseEnvFile(config!, 'config.env').entries.find((entry) => entry.name === ADMIN)?.value;
    out(nextSteps({ name: NAME, namespace: settings.namespace.name ?? `hexclave-${NAME}`, email }));
  }
  return code;
}

const ADMIN = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';

/** Secrets that the server cannot do without, the administrator's password, and those of the stores. */
function* missing(ofStores: readonly string[], present: ReadonlySet<string>): Iterable<[name: string, value: string]> {
  for (const { name, secret, required } of contract) {
    if (!secret || present.has(name)) continue;
    const isOfStore = ofStores.includes(name);
    if (!required && !isOfStore && name !== 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD') continue;
    const value = isOfStore ? freshStoreSecret(name) : freshSecret(name);
    if (value !== undefined) yield [name, value];
  }
}

function readFile(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new Failure(`${file} is not there`, 1, `git checkout ${join('environments', NAME)} brings it back.`);
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnvFile } from '../config/env-file';
import { join } from '../config/paths';
import { readNamed } from '../config/read-named';
import { parseSettings } from '../config/yaml-file';
import { Failure } from './failure';
import { completeSecrets } from './init/complete';
import { completeRepository, ignoreSecrets, schemaReference } from './project';
import { nextSteps } from './quickstart/next-steps';
import { synth } from './synth';
import { err, out, paint } from './terminal';

const NAME = 'evaluation';

/**
 * Makes the evaluation ready to apply: its description where there is none, its secrets, once and for all, and its
 * manifests. Run again it keeps every secret, for the databases in the cluster know them.
 */
export function quickstart(): number {
  const folder = join('environments', NAME);
  if (!existsSync(folder)) describe(folder);
  const [yaml, config] = FILES.map((file) => readFile(join(folder, file)));
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

/** The evaluation as this package brings it, which in its own repository is the one that is missing. */
function describe(folder: string): void {
  const [yaml, config] = FILES.map((file) => new URL(`../environments/${NAME}/${file}`, import.meta.url));
  if (!existsSync(yaml!)) return;
  mkdirSync(folder, { recursive: true });
  const reference = /(?<=^# yaml-language-server: \$schema=).*/;
  writeFileSync(join(folder, FILES[0]), readFileSync(yaml!, 'utf8').replace(reference, schemaReference(false)));
  writeFileSync(join(folder, FILES[1]), readFileSync(config!));
  const around = [...ignoreSecrets(false), ...completeRepository(NAME, false)];
  const made = [...FILES.map((file) => join(folder, file)), ...around];
  err(`${paint(2, 'green', 'Made')} ${made.join(', ')}\n`);
}

const FILES = ['environment.yaml', 'config.env'] as const;

const ADMIN = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';

function readFile(file: string): string {
  if (existsSync(file)) return readNamed(file).toString();
  throw new Failure(`${file} is not there`, 1, `git checkout ${join('environments', NAME)} brings it back.`);
}

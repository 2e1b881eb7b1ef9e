import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { configuration } from './configuration';
import { edge } from './edge';
import { emit } from './emit';
import { maintenance } from './maintenance';
import { migration } from './migration';
import { namespace } from './namespace';
import { OwnKeys } from './own-keys';
import { withPodSettings } from './pods';
import { secret } from './secrets/plain';
import { migrationSecretSource, secretSource } from './secrets/source';
import { server } from './server';
import { type Stage, stages } from './stages';
import { stores } from './stores';

const charts: Record<Stage, (scope: Construct, env: Environment) => void> = {
  namespace,
  configuration,
  secret,
  secretSource,
  migrationSecretSource,
  stores,
  migration,
  server,
  maintenance,
  edge,
};

/** Adds the objects of an environment, stage by stage in the order in which they are applied, below what `scopeOf` gives. */
export function addStages(env: Environment, scopeOf: (stage: Stage) => Construct): void {
  for (const stage of Object.keys(stages) as Stage[]) charts[stage](scopeOf(stage), env);
}

/**
 * All manifests of an environment: file name → YAML, in the order in which they are applied. A stage with nothing to
 * emit has no file. One app per environment and no dependencies between charts: cdk8s resolves them over the whole
 * app, quadratic in charts and worse in dependencies.
 */
export function manifests(env: Environment): ReadonlyMap<string, string> {
  const app = new App({ resolvers: [new OwnKeys()] });
  const files = new Map<string, string>();
  for (const stage of Object.keys(stages) as Stage[]) {
    const chart = new Chart(app, stages[stage].file);
    charts[stage](chart, env);
    const documents = chart.toJson();
    for (const document of documents) withPodSettings(env, document);
    if (documents.length > 0) files.set(`${stages[stage].file}.k8s.yaml`, emit(documents));
  }
  return files;
}

import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import type { Finding } from '../config/finding';
import { autoscaler } from './autoscaler';
import { backup } from './backup';
import { configuration } from './configuration';
import type { Document } from './documents';
import { edge } from './edge';
import { emit } from './emit';
import { extraObjects } from './extra';
import { judgeExtra, judgePods } from './judge';
import { maintenance } from './maintenance';
import { migration } from './migration';
import { monitoring } from './monitoring';
import { namespace } from './namespace';
import { OwnKeys } from './own-keys';
import { type AppliedPatch, patchAll } from './patches';
import { withPodSettings } from './pods';
import { rendererProgram } from './renderer-program';
import { secret } from './secrets/plain';
import { backupSecretSource, migrationSecretSource, secretSource } from './secrets/source';
import { server } from './server';
import { type Stage, stages } from './stages';
import { stores } from './stores';

/** Stages without a function hold the user's own objects. */
const charts: Partial<Record<Stage, (scope: Construct, env: Environment) => void>> = {
  namespace,
  configuration,
  secret,
  secretSource,
  migrationSecretSource,
  rendererProgram,
  backupSecretSource,
  stores,
  migration,
  server,
  autoscaler,
  maintenance,
  backup,
  edge,
  monitoring,
};

/** The manifests of an environment, and what was found while they were made. */
export interface Built {
  /** File name → YAML, in the order in which they are applied. */
  readonly files: ReadonlyMap<string, string>;
  /** The same objects as plain data, by their stage. */
  readonly objects: ReadonlyMap<Stage, readonly Document[]>;
  readonly findings: readonly Finding[];
  readonly patches: readonly AppliedPatch[];
}

/**
 * All manifests of an environment. A stage with nothing to emit has no file. One app per environment and no dependencies
 * between charts: cdk8s resolves them over the whole app, quadratic in charts and worse in dependencies.
 */
export function build(env: Environment): Built {
  const app = new App({ resolvers: [new OwnKeys()] });
  const objects = new Map<Stage, Document[]>();
  for (const stage of Object.keys(stages) as Stage[]) {
    const chart = new Chart(app, stages[stage].file);
    charts[stage]?.(chart, env);
    const documents: Document[] = chart.toJson();
    for (const document of documents) {
      withPodSettings(env, document);
      withFamilies(env, document);
    }
    objects.set(stage, [...documents, ...extraObjects(env, stage)]);
  }
  const all = [...objects.values()].flat();
  const found = [...judgePods(env, all), ...judgeExtra(env, all)];
  const { applied, findings } = patchAll(env, all);
  const files = new Map<string, string>();
  for (const [stage, documents] of objects) {
    if (documents.length > 0) files.set(`${stages[stage].file}.k8s.yaml`, emit(documents));
  }
  return { files, objects, findings: [...found, ...findings], patches: applied };
}

/** IP families are chosen for the Services; policies and listeners know both, as far as they can. */
function withFamilies({ settings }: Environment, { kind, spec }: Document): void {
  const { ipFamilyPolicy, ipFamilies } = settings.network;
  if (kind !== 'Service') return;
  if (ipFamilyPolicy) spec.ipFamilyPolicy = ipFamilyPolicy;
  if (ipFamilies) spec.ipFamilies = [...ipFamilies];
}

/** The manifests alone: file name → YAML, in the order in which they are applied. */
export function manifests(env: Environment): ReadonlyMap<string, string> {
  return build(env).files;
}

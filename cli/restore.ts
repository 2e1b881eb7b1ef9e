import { RESTORE_JOB, restoreManifest } from '../charts/backup/restore';
import type { Environment } from '../config/environment';
import { buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { replaceFile } from './private-file';
import { refuse } from './refuse';
import { restoreSteps } from './restore/steps';
import { manifestsOf, printed, runSteps } from './steps';
import { out, paint } from './terminal';

export interface RestoreOptions {
  /** Name of the backup. @default latest */
  readonly backup?: string;
  /** The environment's name, typed: data that is there is removed. @default - an empty database alone is restored into */
  readonly replace?: string;
  /** Runs the steps as well. @default false */
  readonly apply?: boolean;
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
}

/** Writes the Job that brings a backup back, and says what belongs before and after it; with `apply` it is done. */
export async function restore(name: string, options: RestoreOptions = {}): Promise<number> {
  const { environment, built, findings } = buildAll([loadOne(name)])[0]!;
  if (!environment || !built) refuse('Nothing was written', findings);
  refuseOptions(environment, options);
  const file = `restore-${name}.yaml`;
  const backup = options.backup ?? 'latest';
  replaceFile(file, restoreManifest(environment, { backup, replace: options.replace !== undefined }), 0o644);
  const steps = restoreSteps(environment, manifestsOf(name, built.files), file);
  out(`${paint(1, 'green', 'Wrote')} ${file}, the Job that brings back ${backup}\n\n`);
  if (!options.apply) {
    out(`Where Argo CD or Flux syncs this environment, suspend that first. Then:\n\n${printed(steps)}`);
    return 0;
  }
  await runSteps({
    steps,
    job: RESTORE_JOB,
    namespace: environment.namespace,
    context: options.context,
    again: 'The restore can be begun again.',
    failed: new Failure(
      'The backup was not brought back, and the database is as it was; the server is stopped',
      1,
      `Mend what the log says and begin again, or start the server as it was: kubectl apply --server-side --force-conflicts -f dist/${name}`,
    ),
  });
  out(`${paint(1, 'green', 'Restored')}: the server starts once its migration Job is done\n`);
  return 0;
}

function refuseOptions({ name, backup }: Environment, { replace, backup: chosen }: RestoreOptions): void {
  if (!backup) {
    throw new Failure(
      `${name} has no backups`,
      1,
      'backup in environment.yaml says where they are: docs/how-to/backup.md',
    );
  }
  if (replace !== undefined && replace !== name) {
    throw new Failure(
      `--replace ${replace} is not the name of the environment`,
      2,
      `It removes everything that is in the database. If you mean it: --replace ${name}`,
    );
  }
  if (chosen !== undefined && !/^(latest|[0-9a-f]{8,64})$/.test(chosen)) {
    throw new Failure(
      `${chosen} is no name of a backup`,
      2,
      'latest, or what the log of a backup or docs/how-to/restore.md gives: 8 hex digits or more.',
    );
  }
}

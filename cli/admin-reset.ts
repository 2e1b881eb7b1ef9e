import { ADMIN_RESET_JOB, adminResetManifest, isGiven } from '../charts/admin-reset';
import type { Environment } from '../config/environment';
import { join } from '../config/paths';
import { buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { replaceFile } from './private-file';
import { refuse } from './refuse';
import { APPLY, manifestsOf, printed, runSteps, type Step } from './steps';
import { out, paint } from './terminal';

export interface AdminResetOptions {
  /** Runs the steps as well. @default false */
  readonly apply?: boolean;
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
}

/** Writes the Job that lets the environment's administrator in again, and says what belongs around it; with `apply` it is done. */
export async function adminReset(name: string, options: AdminResetOptions = {}): Promise<number> {
  const { environment, built, findings } = buildAll([loadOne(name)])[0]!;
  if (!environment || !built) refuse('Nothing was written', findings);
  refuseUnnamed(environment);
  const file = `admin-reset-${name}.yaml`;
  const steps = stepsOf(environment, manifestsOf(name, built.files), file);
  replaceFile(file, adminResetManifest(environment), 0o644);
  out(`${paint(1, 'green', 'Wrote')} ${file}, the Job that lets the administrator in again\n\n`);
  if (!options.apply) {
    out(`It takes the password of ${PASSWORD}: give that the value you want. Then:\n\n${printed(steps)}`);
    return 0;
  }
  await runSteps({
    steps,
    job: ADMIN_RESET_JOB,
    namespace: environment.namespace,
    context: options.context,
    again: 'It can be begun again.',
    failed: new Failure(
      'The administrator was not let in',
      1,
      'Mend what the log says and begin again: docs/how-to/sign-in.md',
    ),
  });
  out(`${paint(1, 'green', 'Done')}: the administrator signs in with the password of ${PASSWORD}\n`);
  return 0;
}

const EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';

function refuseUnnamed(env: Environment): void {
  const unknown = env.secretNames === undefined;
  const missing = [EMAIL, PASSWORD].filter((name) => !isGiven(env, name) && !(unknown && name === PASSWORD));
  if (missing.length === 0) return;
  throw new Failure(
    `${env.name} names no administrator: ${missing.join(' and ')} ${missing.length > 1 ? 'have' : 'has'} no value`,
    1,
    `Write ${EMAIL} into environments/${env.name}/config.env and the password, 8 to 70 characters, where the secrets are; then synth.`,
  );
}

/** The Job reads the Secret in the cluster, so that goes first; what the server pods read changes with the next complete apply. */
function stepsOf(env: Environment, files: readonly string[], job: string): Step[] {
  const inNamespace = ['--namespace', env.namespace];
  const configuration = files.filter((file) => file >= '10-' && file < '20-');
  return [
    {
      why: 'What the Job reads, as it is in the files. No pod is restarted by it.',
      args: [...APPLY, ...configuration.flatMap((file) => ['--filename', join('dist', env.name, file)])],
    },
    {
      why: 'An earlier Job makes room.',
      args: ['delete', 'job', ADMIN_RESET_JOB, ...inNamespace, '--ignore-not-found', '--cascade=foreground'],
    },
    { why: 'The administrator is let in.', args: [...APPLY, '--filename', job] },
    {
      why: 'What it says. It ends with “done”, or with the reason.',
      args: ['logs', `job/${ADMIN_RESET_JOB}`, ...inNamespace, '--follow', '--pod-running-timeout=10m'],
    },
  ];
}

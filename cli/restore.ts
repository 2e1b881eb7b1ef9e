import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RESTORE_JOB, restoreManifest } from '../charts/backup/restore';
import { isManifest } from '../charts/stages';
import type { Environment } from '../config/environment';
import { buildAll } from './build';
import { Failure } from './failure';
import { loadOne } from './load';
import { replaceFile } from './private-file';
import { refuse } from './refuse';
import { restoreSteps, type Step } from './restore/steps';
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
    out(`Where Argo CD or Flux syncs this environment, suspend that first. Then:\n\n${steps.map(printed).join('')}`);
    return 0;
  }
  const context = options.context === undefined ? [] : ['--context', options.context];
  for (const step of steps) {
    out(`${paint(1, 'bold', step.why)}\n`);
    const ended = await kubectl([...context, ...step.args]);
    if (step.args[0] === 'logs') await refuseFailed(context, environment);
    else if (ended !== 0) throw new Failure(`kubectl ended with ${ended}`, 1, 'The restore can be begun again.');
  }
  out(`${paint(1, 'green', 'Restored')}: the server starts once its migration Job is done\n`);
  return 0;
}

/** The Job's own word: the log may have been cut off. */
async function refuseFailed(context: readonly string[], env: Environment): Promise<void> {
  const condition = 'jsonpath={range .status.conditions[?(@.status=="True")]}{.type}{"\\n"}{end}';
  for (;;) {
    const said: string[] = [];
    const args = ['get', 'job', RESTORE_JOB, '--namespace', env.namespace, '--output', condition];
    const ended = await kubectl([...context, ...args], (text) => said.push(text));
    if (ended !== 0) throw new Failure(`kubectl ended with ${ended}`, 1, 'The restore can be begun again.');
    const conditions = said.join('').split('\n');
    if (conditions.includes('Complete')) return;
    if (conditions.includes('Failed')) {
      throw new Failure(
        'The backup was not brought back, and the database is as it was; the server is stopped',
        1,
        `Mend what the log says and begin again, or start the server as it was: kubectl apply --server-side --force-conflicts -f dist/${env.name}`,
      );
    }
    await sleep(1000);
  }
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

/** They are applied from the disk, where whoever restores can read them. */
function manifestsOf(name: string, files: ReadonlyMap<string, string>): string[] {
  const folder = join('dist', name);
  const there = existsSync(folder) ? readdirSync(folder).filter(isManifest).sort() : [];
  if ([...files.keys()].every((file) => there.includes(file))) return there;
  throw new Failure(`${folder} does not have all manifests`, 1, `Write them first: npx cdk8s-hexclave synth ${name}`);
}

function printed({ why, args }: Step): string {
  const words = args.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`));
  return `  # ${why}\n  kubectl ${words.join(' ')}\n`;
}

/** Runs kubectl before the user's eyes, or hands on what it says. */
function kubectl(args: readonly string[], take?: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: ['ignore', take ? 'pipe' : 'inherit', 'inherit'] });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => take?.(text));
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new Failure('The program kubectl is not installed', 1, 'https://kubernetes.io/docs/tasks/tools/')
          : error,
      ),
    );
    child.on('close', (code) => resolve(code ?? 1));
  });
}

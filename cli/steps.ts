import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isManifest } from '../charts/stages';
import { join } from '../config/paths';
import { Failure } from './failure';
import { out, paint } from './terminal';

/** One command of several, and what it is for. `kubectl` stands in front of all of them. */
export interface Step {
  readonly why: string;
  readonly args: readonly string[];
}

/** How a manifest of ours is applied, whatever it is. */
export const APPLY = ['apply', '--server-side', '--force-conflicts'] as const;

export interface JobStepsOptions {
  readonly steps: readonly Step[];
  /** The Job that one of them makes, and whose log another shows. */
  readonly job: string;
  readonly namespace: string;
  /** Context of the kubeconfig. @default - the current one */
  readonly context: string | undefined;
  /** What is said where the user’s kubectl ends with an error. */
  readonly again: string;
  /** What it is when the Job has failed. */
  readonly failed: Failure;
}

/** The steps as a user can type them. */
export function printed(steps: readonly Step[]): string {
  const lines = steps.map(({ why, args }) => {
    const words = args.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`));
    return `  # ${why}\n  kubectl ${words.join(' ')}\n`;
  });
  return lines.join('');
}

/** Runs the steps before the user's eyes. After the Job's log it counts how the Job itself ended: a log may be cut off. */
export async function runSteps({ steps, job, namespace, context, again, failed }: JobStepsOptions): Promise<void> {
  const common = context === undefined ? [] : ['--context', context];
  const refuseCode = (code: number) => {
    if (code !== 0) throw new Failure(`kubectl ended with ${code}`, 1, again);
  };
  for (const step of steps) {
    out(`${paint(1, 'bold', step.why)}\n`);
    const code = await kubectl([...common, ...step.args]);
    if (step.args[0] !== 'logs') {
      refuseCode(code);
      continue;
    }
    const condition = 'jsonpath={range .status.conditions[?(@.status=="True")]}{.type}{"\\n"}{end}';
    for (let ended = ''; ended !== 'Complete'; ) {
      const said: string[] = [];
      const args = ['get', 'job', job, '--namespace', namespace, '--output', condition];
      refuseCode(await kubectl([...common, ...args], (text) => said.push(text)));
      ended =
        said
          .join('')
          .split('\n')
          .find((type) => type === 'Complete' || type === 'Failed') ?? '';
      if (ended === 'Failed') throw failed;
      if (ended === '') await sleep(1000);
    }
  }
}

/** Names of the manifests of an environment: they are applied from the disk, where whoever does so can read them. */
export function manifestsOf(name: string, files: ReadonlyMap<string, string>): string[] {
  const folder = join('dist', name);
  const there = existsSync(folder) ? readdirSync(folder).filter(isManifest).sort() : [];
  if ([...files.keys()].every((file) => there.includes(file))) return there;
  throw new Failure(`${folder} does not have all manifests`, 1, `Write them first: npx cdk8s-hexclave synth ${name}`);
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

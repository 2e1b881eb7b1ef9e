import { spawn } from 'node:child_process';

/** Which cluster, and where in it. */
export interface Cluster {
  readonly namespace: string;
  /** Context of the user's kubeconfig. @default - the current one */
  readonly context?: string;
}

/** How a run of kubectl ended, and all that it said. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The cluster could not be asked at all: nothing that is learnt from it would be complete, or anything. */
export class Unreachable extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly fix: string,
  ) {
    super(message);
  }
}

/**
 * Runs the user's own kubectl, so that contexts, plugins for logging in and proxies work as they do by hand
 * (docs/explanation/cluster-commands.md). Throws only when there is no kubectl or it cannot reach the cluster; what the
 * cluster refuses is an answer.
 */
export async function kubectl({ context }: Cluster, args: readonly string[], input?: string): Promise<Answer> {
  const where = context === undefined ? [] : ['--context', context];
  // In front: behind an `exec` they would be for the program in the pod.
  const answer = await run('kubectl', [...where, '--request-timeout', '20s', ...args], input);
  const problem = answer.code === 0 ? undefined : UNREACHABLE.find(([form]) => form.test(answer.stderr));
  if (problem) throw new Unreachable(problem[1], problem[2]);
  return answer;
}

/** What an answer of `-o json` holds: the items of a list, or the one object. Nothing when there is none. */
export function itemsOf({ stdout }: Answer): Item[] {
  if (stdout.trim() === '') return [];
  const parsed = JSON.parse(stdout);
  return parsed.kind === 'List' || Array.isArray(parsed.items) ? parsed.items : [parsed];
}

/** An object as the API server has it. */
// biome-ignore lint/suspicious/noExplicitAny: objects of every kind are walked by path
export type Item = any;

/**
 * What kubectl complained about, a line each: without klog's own lines, and without the values that the API server quotes, for
 * an immutable field it quotes the whole pod.
 */
export function complaints({ stderr }: Pick<Answer, 'stderr'>): string[] {
  return stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[EWIF]\d{4} |^Warning:|^warning:/.test(line))
    .map((line) => line.replace(/(Invalid value|Unsupported value|Duplicate value): .*: (?=[^:]*$)/, '$1: '));
}

const UNREACHABLE: readonly (readonly [RegExp, string, string])[] = [
  [
    /context .* does not exist|no context exists/,
    'The kubeconfig has no such context',
    'kubectl config get-contexts lists those it has.',
  ],
  [
    /unauthorized|must be logged in|provide credentials|getting credentials/i,
    'The cluster does not know you',
    'Log in again, until kubectl get pods works.',
  ],
  [
    /connection to the server .* was refused|unable to connect to the server|no such host|i\/o timeout|TLS handshake timeout|no configuration has been provided|context deadline exceeded/i,
    'kubectl cannot reach the cluster',
    'See that kubectl version shows the version of the server, and of which context: kubectl config current-context.',
  ],
];

function run(program: string, args: readonly string[], input: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (part) => parts.stdout.push(part));
    child.stderr.on('data', (part) => parts.stderr.push(part));
    // A program that ends without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('error', (error) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      reject(missing ? new Unreachable('The program kubectl is not installed', INSTALL) : error);
    });
    child.on('close', (code, signal) => {
      const [stdout, stderr] = [Buffer.concat(parts.stdout).toString(), Buffer.concat(parts.stderr).toString()];
      resolve({ code: code ?? 128, stdout, stderr: signal ? `${stderr}\nkubectl was ended by ${signal}` : stderr });
    });
  });
}

const INSTALL = 'Install it and log in: https://kubernetes.io/docs/tasks/tools/';

import { spawnSync } from 'node:child_process';
import { Failure } from '../failure';

/** Where to look. */
export interface Kubectl {
  readonly namespace: string;
  /** @default - the current context */
  readonly context?: string;
}

export type Kind = 'Secret' | 'ConfigMap';

/**
 * The names of the keys of a Secret or a ConfigMap; undefined when it is not there. The template runs in kubectl, so
 * that no value reaches this process.
 */
export function keysInCluster({ namespace, context }: Kubectl, kind: Kind, name: string): Set<string> | undefined {
  const object = [kind.toLowerCase(), name, '--namespace', namespace, '--ignore-not-found'];
  const where = context === undefined ? [] : ['--context', context];
  const args = ['get', ...object, ...where, '--request-timeout', '15s', '--output', `go-template=${KEYS}`];
  const { status, signal, stdout, stderr, error } = spawnSync('kubectl', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new Failure(
      'The program kubectl is not installed',
      1,
      'Install it and log in: https://kubernetes.io/docs/tasks/tools/',
    );
  }
  if (error) throw error;
  const ended = signal ? `it was ended by ${signal}` : `it ended with ${status} and said nothing`;
  if (status !== 0) throw refusal(stderr.trim().split('\n').at(-1) || ended, kind, name, namespace);
  const [first, ...keys] = stdout.split('\n');
  return first === FOUND ? new Set(keys.filter((key) => key !== '')) : undefined;
}

const FOUND = 'found';
const KEYS = `{{"${FOUND}\\n"}}{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}{{range $key, $value := .binaryData}}{{$key}}{{"\\n"}}{{end}}`;

function refusal(said: string, kind: Kind, name: string, namespace: string): Failure {
  if (/forbidden/i.test(said)) {
    const fix = `Somebody has to allow you to get ${kind.toLowerCase()}s in ${namespace}; kubectl auth can-i get ${kind.toLowerCase()}s -n ${namespace} says whether.`;
    return new Failure(`You may not read the ${kind} ${name} in ${namespace}`, 1, fix);
  }
  if (/unauthorized|must be logged in|provide credentials/i.test(said)) {
    return new Failure('The cluster does not know you', 1, `Log in again. kubectl said: ${said}`);
  }
  return new Failure(`kubectl cannot read the ${kind} ${name}: ${said}`, 1, 'See that kubectl get ns works.');
}

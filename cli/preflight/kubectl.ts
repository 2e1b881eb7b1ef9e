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
export function keysInCluster(kubectl: Kubectl, kind: Kind, name: string): Set<string> | undefined {
  const { namespace } = kubectl;
  const object = [kind.toLowerCase(), name, '--namespace', namespace, '--ignore-not-found'];
  const { said, stdout } = get(kubectl, [...object, '--output', `go-template=${KEYS}`]);
  if (said !== undefined) {
    const plural = `${kind.toLowerCase()}s`;
    const fix = `Somebody has to allow you to get ${plural} in ${namespace}; kubectl auth can-i get ${plural} -n ${namespace} says whether.`;
    const denied = new Failure(`You may not read the ${kind} ${name} in ${namespace}`, 1, fix);
    throw refusal(said, `the ${kind} ${name}`, denied);
  }
  const [first, ...keys] = stdout.split('\n');
  return first === FOUND ? new Set(keys.filter((key) => key !== '')) : undefined;
}

const FOUND = 'found';
const KEYS = `{{"${FOUND}\\n"}}{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}{{range $key, $value := .binaryData}}{{$key}}{{"\\n"}}{{end}}`;

/**
 * The kinds that the API server knows in a version of an API, such as `monitoring.coreos.com/v1`: none when it does not
 * know that. Everybody who is logged in may ask for it, without a right in any namespace.
 */
export function kindsInCluster(kubectl: Kubectl, apiVersion: string): Set<string> {
  const { said, stdout } = get(kubectl, ['--raw', `/apis/${apiVersion}`]);
  if (said !== undefined) {
    if (/NotFound|could not find the requested resource/.test(said)) return new Set();
    const fix = 'The ClusterRole system:discovery allows it; somebody has taken it from those who are logged in.';
    throw refusal(said, `the kinds of ${apiVersion}`, new Failure(`You may not ask what ${apiVersion} is`, 1, fix));
  }
  const { resources } = parsed(stdout, apiVersion) as { resources: { name: string; kind: string }[] };
  // `scale` and `status` are listed beside what they belong to.
  return new Set(resources.filter(({ name }) => !name.includes('/')).map(({ kind }) => kind));
}

function parsed(text: string, apiVersion: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const fix = `See what answers in its place: kubectl get --raw /apis/${apiVersion}`;
    throw new Failure(`What answers for ${apiVersion} is no API of Kubernetes`, 1, fix);
  }
}

/** What kubectl has read, or what it said last when it could not. */
function get({ context }: Kubectl, what: readonly string[]): { stdout: string; said?: string } {
  const where = context === undefined ? [] : ['--context', context];
  const { status, signal, stdout, stderr, error } = spawnSync(
    'kubectl',
    ['get', ...what, ...where, '--request-timeout', '15s'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new Failure(
      'The program kubectl is not installed',
      1,
      'Install it and log in: https://kubernetes.io/docs/tasks/tools/',
    );
  }
  if (error) throw error;
  if (status === 0) return { stdout };
  const ended = signal ? `it was ended by ${signal}` : `it ended with ${status} and said nothing`;
  return { stdout, said: stderr.trim().split('\n').at(-1) || ended };
}

function refusal(said: string, what: string, denied: Failure): Failure {
  if (/forbidden/i.test(said)) return denied;
  if (/unauthorized|must be logged in|provide credentials/i.test(said)) {
    return new Failure('The cluster does not know you', 1, `Log in again. kubectl said: ${said}`);
  }
  return new Failure(`kubectl cannot read ${what}: ${said}`, 1, 'See that kubectl get ns works.');
}

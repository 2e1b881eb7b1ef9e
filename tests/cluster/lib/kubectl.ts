import { spawn } from 'node:child_process';

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  /** After this many milliseconds the process is killed. Default: two minutes. */
  timeout?: number;
}

/** State folder of the bed that tests/cluster/run.sh has started; undefined on a cluster that the user's KUBECONFIG names. */
export const bed = process.env.HEXCLAVE_BED;

/** Runs kubectl; a failure carries what it printed. */
export async function kubectl(args: readonly string[], options: RunOptions = {}): Promise<string> {
  return succeeded(`kubectl ${args.join(' ')}`, await tryKubectl(args, options));
}

/** Runs kubectl and returns also a failure. */
export function tryKubectl(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return run(process.env.HEXCLAVE_KUBECTL ?? 'kubectl', args, options);
}

/** `kubectl get … -o json`, parsed. */
// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
export async function get<T = any>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(['get', ...args, '-o', 'json']));
}

/** Applies objects or YAML text on the server side, refusing fields that the API does not know. */
export function apply(manifests: string | readonly object[], ...args: string[]): Promise<string> {
  const input =
    typeof manifests === 'string' ? manifests : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  return kubectl(['apply', '--server-side', '--validate=strict', '-f', '-', ...args], { input });
}

/** Runs a command inside a container of a pod (`name`, or `deploy/name`), without a terminal. */
export function exec(
  namespace: string,
  pod: string,
  command: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return kubectl(
    ['exec', ...(options.input === undefined ? [] : ['-i']), '-n', namespace, pod, '--', ...command],
    options,
  );
}

/**
 * Runs a command on the bed's node, where pods, Services and their processes are visible. A user's cluster has no such
 * place: a test that needs it asks for `bed` first.
 */
export async function onNode(command: readonly string[], options: RunOptions = {}): Promise<string> {
  if (!bed) throw new Error('only the bed lets tests run commands on its node');
  const init = (await run('cat', [`${bed}/init`])).stdout.trim();
  const args = ['--target', init, '--mount', '--uts', '--ipc', '--net', '--pid', '--', ...command];
  return succeeded(command.join(' '), await run('nsenter', args, options));
}

export function run(
  command: string,
  args: readonly string[],
  { input, timeout = 120_000 }: RunOptions = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { timeout, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    child.stdin.on('error', () => {}); // a command that ends without reading its input
    child.stdin.end(input ?? '');
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 128, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr }),
    );
  });
}

function succeeded(what: string, { code, stdout, stderr }: Result): string {
  if (code !== 0) throw new Error(`${what}: exit ${code}\n${stderr}${stdout}`);
  return stdout;
}

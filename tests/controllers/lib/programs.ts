import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apply, bed, get, kubectl, type Result, type RunOptions, run } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';

/** Folder of what the recipe of a suite has built, `tests/controllers/<name>/build.sh`. Builds it when it is not there. */
export async function programs(name: string): Promise<string> {
  const script = fileURLToPath(new URL('../build.sh', import.meta.url));
  const { code, stdout, stderr } = await run('bash', [script, name], { timeout: 40 * 60_000 });
  if (code !== 0) throw new Error(`tests/controllers/build.sh ${name}: exit ${code}\n${stderr}`);
  return stdout.trim();
}

/** State folder of the bed. The controllers run on its node, so a cluster that KUBECONFIG names cannot stand for it. */
export function bedFolder(): string {
  if (!bed) throw new Error('the controllers need the bed: export HEXCLAVE_BED=$(tests/cluster/bed/up.sh)');
  return bed;
}

/** Path of an administrator's kubeconfig that is valid on the bed's node. */
export function kubeconfig(): string {
  return join(bedFolder(), 'admin.conf');
}

export interface ProcessOptions {
  readonly env?: Record<string, string>;
  /** URL that answers with a status below 400 once it is ready. @default - ready as soon as it is started */
  readonly ready?: string;
  /** Starts it again whenever it ends, as a kubelet does. @default false */
  readonly restart?: boolean;
}

export interface Process {
  /** What it has printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a program on the bed's node, where it reaches the API server on 127.0.0.1:6443, pods and Services, and everybody
 * on the node and every pod reaches it (10.244.0.1). It ends with the bed, and with the process or test file that has
 * started it.
 */
export async function startProcess(
  name: string,
  command: readonly [string, ...string[]],
  { env = {}, ready, restart = false }: ProcessOptions = {},
): Promise<Process> {
  const file = join(bedFolder(), 'log', `${name}.log`);
  const init = readFileSync(join(bedFolder(), 'init'), 'utf8').trim();
  const namespaces = ['--target', init, '--mount', '--uts', '--ipc', '--net', '--pid'];
  const args = ['--pdeathsig', 'KILL', 'nsenter', ...namespaces, '--', 'setpriv', '--pdeathsig', 'KILL', ...command];
  let ended = false;
  let stopped = false;
  let last: ChildProcess;
  const launch = (): Promise<void> => {
    const output = openSync(file, 'a');
    const child = spawn('setpriv', args, { stdio: ['ignore', output, output], env: { ...process.env, ...env } });
    closeSync(output);
    child.unref();
    last = child;
    writeFileSync(pidFile(name), String(child.pid));
    return new Promise<void>((resolve) => {
      child.on('error', () => resolve());
      child.on('close', () => resolve());
    }).then(() => {
      if (!restart || stopped) ended = true;
      else
        setTimeout(() => {
          if (!stopped) end = launch();
        }, 1000).unref();
    });
  };
  let end = launch();
  const log = () => readFileSync(file, 'utf8');
  const started: Process = {
    log,
    async stop() {
      stopped = true;
      last.kill('SIGKILL');
      await end;
    },
  };
  if (ready) {
    // Not for what has ended; and a program may wait for others that start beside it.
    await eventually(`${name} is ready`, async () => ended || answers(ready), 180);
    if (ended) throw new Error(`${name} has ended:\n${log().slice(-4000)}`);
  }
  return started;
}

/** Kills a program that `startProcess` has started, also from another thread, as an out-of-memory killer would. */
export function killProcess(name: string): void {
  process.kill(Number(readFileSync(pidFile(name), 'utf8')), 'SIGKILL');
}

function pidFile(name: string): string {
  return join(bedFolder(), `${name}.pid`);
}

/** Runs a command in the network of the bed's node, and otherwise on this machine. */
export function onNodeNetwork(command: readonly string[], options: RunOptions = {}): Promise<Result> {
  const init = readFileSync(join(bedFolder(), 'init'), 'utf8').trim();
  return run('nsenter', ['--target', init, '--net', '--', ...command], options);
}

async function answers(url: string): Promise<boolean> {
  const curl = ['curl', '--silent', '--fail', '--insecure', '--max-time', '2', '--output', '/dev/null', url];
  return (await onNodeNetwork(curl)).code === 0;
}

/**
 * The command line of a program that knows no kubeconfig and expects to be in a pod: with the token of an account of this
 * namespace, which may do everything, where a pod finds it. Its mounts are its own.
 */
export async function inCluster(namespace: string, command: readonly string[]): Promise<[string, ...string[]]> {
  const folder = join(bedFolder(), `account-${namespace}`);
  mkdirSync(folder, { recursive: true });
  const name = 'controller-of-the-tests';
  await apply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${name}-${namespace}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ]);
  const { data } = await get('configmap', 'kube-root-ca.crt', '-n', namespace);
  writeFileSync(join(folder, 'ca.crt'), data['ca.crt']);
  writeFileSync(join(folder, 'namespace'), namespace);
  writeFileSync(
    join(folder, 'token'),
    (await kubectl(['create', 'token', name, '-n', namespace, '--duration=24h'])).trim(),
  );
  const where = '/run/secrets/kubernetes.io/serviceaccount';
  const script = `mount -t tmpfs tmpfs /run && mkdir -p ${where} && cp "$0"/* ${where} && exec "$@"`;
  const address = ['KUBERNETES_SERVICE_HOST=127.0.0.1', 'KUBERNETES_SERVICE_PORT=6443'];
  return ['unshare', '--mount', 'env', ...address, 'sh', '-c', script, folder, ...command];
}

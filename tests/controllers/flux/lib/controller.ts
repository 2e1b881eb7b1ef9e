import { bedFolder, kubeconfig, type Process, programs, startProcess } from '../../lib/programs';

/** Starts one of Flux' controllers on the bed's node, with two ports from this one on, and waits until it is ready. */
export async function startController(
  name: string,
  program: 'source-controller' | 'kustomize-controller',
  port: number,
  args: readonly string[],
): Promise<Process> {
  const delivered = ['--watch-all-namespaces', '--log-level=info', '--log-encoding=json'];
  const addresses = [`--metrics-addr=127.0.0.1:${port}`, `--health-addr=127.0.0.1:${port + 1}`];
  return startProcess(name, [`${await programs('flux')}/${program}`, ...delivered, ...addresses, ...args], {
    env: { KUBECONFIG: kubeconfig(), RUNTIME_NAMESPACE: 'flux-system', HOME: bedFolder(), TMPDIR: '/tmp' },
    ready: `http://127.0.0.1:${port + 1}/readyz`,
  });
}

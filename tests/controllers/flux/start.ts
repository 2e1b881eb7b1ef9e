import { apply } from '../../cluster/lib/kubectl';
import { applyDefinitions } from '../lib/definitions';
import { startGitServer } from '../lib/git';
import { bedFolder, kubeconfig, programs, startProcess } from '../lib/programs';

/** Starts Flux' two controllers with the settings they are delivered with, and a Git server. */
export default async function startFlux(): Promise<void> {
  const folder = await programs('flux');
  await Promise.all([
    applyDefinitions(`${folder}/crds`),
    apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }]),
    startGitServer(),
  ]);
  const start = (name: string, port: number, ...args: string[]) =>
    startProcess(
      name,
      [
        `${folder}/${name}`,
        ...['--watch-all-namespaces', '--log-encoding=json', `--metrics-addr=127.0.0.1:${port}`],
        ...[`--health-addr=127.0.0.1:${port + 1}`, ...args],
      ],
      {
        env: { KUBECONFIG: kubeconfig(), RUNTIME_NAMESPACE: 'flux-system', HOME: bedFolder(), TMPDIR: '/tmp' },
        ready: `http://127.0.0.1:${port + 1}/readyz`,
      },
    );
  await Promise.all([
    start(
      'source-controller',
      8390,
      ...[`--storage-path=${bedFolder()}/flux`, '--storage-addr=127.0.0.1:8399', '--storage-adv-addr=127.0.0.1:8399'],
    ),
    start('kustomize-controller', 8392),
  ]);
}

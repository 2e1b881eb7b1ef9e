import { kubeconfig, programs, startProcess } from '../lib/programs';
import { METRICS_PORT } from './lib/metrics-api';

/** metrics-server, which the API server does not know of before a test registers it. */
export default async function start(): Promise<void> {
  const folder = await programs('scaling');
  const configs = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
  await startProcess(
    'metrics-server',
    [
      `${folder}/metrics-server`,
      ...configs.map((name) => `--${name}=${kubeconfig()}`),
      '--secure-port',
      String(METRICS_PORT),
      '--cert-dir=/tmp/metrics-server',
      '--kubelet-insecure-tls', // the kubelet's certificate is one of the bed's own
      '--kubelet-preferred-address-types=InternalIP',
      // The least that it takes.
      '--metric-resolution=10s',
      '--kubelet-request-timeout=9s',
    ],
    { ready: `https://10.244.0.1:${METRICS_PORT}/livez` },
  );
}

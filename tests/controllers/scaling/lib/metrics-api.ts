import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, get, kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';
import { programs } from '../../lib/programs';

export const METRICS_PORT = 8310;

const API = 'v1beta1.metrics.k8s.io';

/** Registers the metrics API with metrics-server's own APIService, behind a Service that leads to the bed's node. */
export async function registerMetricsApi(): Promise<void> {
  const metadata = { name: 'metrics-server', namespace: 'kube-system' };
  const port = { name: 'https', port: METRICS_PORT };
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ ...port, port: 443, targetPort: METRICS_PORT }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } },
      addressType: 'IPv4',
      ports: [port],
      endpoints: [{ addresses: ['10.244.0.1'] }],
    },
  ]);
  await apply(readFileSync(join(await programs('scaling'), 'apiservice.yaml'), 'utf8'));
  await eventually('the metrics API is available', async () => {
    const { status } = await get('apiservice', API);
    return status.conditions.some(
      ({ type, status }: { type: string; status: string }) => type === 'Available' && status === 'True',
    );
  });
}

/** Takes the registration back: with one that leads nowhere Kubernetes ends no namespace. */
export async function unregisterMetricsApi(): Promise<void> {
  await kubectl(['delete', 'apiservice', API, '--ignore-not-found']);
}

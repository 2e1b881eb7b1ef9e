import * as z from 'zod';
import { labelValue, mapOf, metadataKey } from './values';

const prometheus = z.strictObject({
  labels: mapOf(metadataKey, labelValue)
    .default({})
    .describe(
      'Labels by which a Prometheus chooses rules and probes, such as release: kube-prometheus-stack. Unset: none besides the usual ones.',
    ),
  prober: z
    .string()
    .max(259, { error: 'must have at most 259 characters' })
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/, {
      error: 'must be a host with an optional port, without a scheme or a path',
    })
    .optional()
    .describe(
      'Address of a blackbox exporter with the module http_2xx, such as blackbox-exporter.monitoring:9115: a Probe asks both hosts through it, as their users do. Unset: nobody asks.',
    ),
});

export const monitoring = z
  .strictObject({
    prometheus: z
      .union([z.boolean(), prometheus], { error: 'must be true, or { labels?, prober? }' })
      .default(false)
      .describe(
        'true, or what it takes: a PrometheusRule with alerts, from what kube-state-metrics, the kubelet and cert-manager measure. The Prometheus operator’s definitions have to be in the cluster. Unset: false.',
      ),
    dashboard: z
      .boolean()
      .default(false)
      .describe(
        'true: a dashboard for Grafana, in a ConfigMap with the label grafana_dashboard, which the sidecar of its chart looks for. Unset: false.',
      ),
  })
  .prefault({})
  .describe('Alerts for Prometheus, and a dashboard for Grafana (docs/how-to/alerts.md).');

import type { Environment } from '../../config/environment';
import { NAME } from '../metadata';
import { SERVER } from '../server';
import { of } from './alerts';
import { probeJob, prometheusOf } from './probe';

/** One picture of the dashboard. */
export interface Panel {
  readonly title: string;
  /** What it shows, and what is normal. */
  readonly about: string;
  readonly type: 'timeseries' | 'stat';
  /** Grafana's name of it. */
  readonly unit: string;
  /** Legend → PromQL. */
  readonly queries: Readonly<Record<string, string>>;
  readonly thresholds?: readonly { readonly color: string; readonly value: number | null }[];
}

/** From what people notice to what explains it. */
export function panelsOf(env: Environment): Panel[] {
  const server = of(env, `deployment="${SERVER}"`);
  const containers = of(env, `pod=~"${SERVER}-.*"`, 'container!=""');
  const hosts: Panel[] = prometheusOf(env)?.prober
    ? [
        {
          title: 'Hosts',
          about: 'Whether both addresses answer as their users ask them: 1 is yes.',
          type: 'timeseries',
          unit: 'short',
          queries: { '{{instance}}': `probe_success{job="${probeJob(env)}"}` },
        },
        {
          title: 'Time to answer',
          about: 'How long an answer takes from outside, with names, TLS and the edge.',
          type: 'timeseries',
          unit: 's',
          queries: { '{{instance}}': `probe_duration_seconds{job="${probeJob(env)}"}` },
        },
      ]
    : [];
  return [
    {
      title: 'Server pods',
      about: 'Available and wanted. Fewer for some minutes is a rollout.',
      type: 'timeseries',
      unit: 'short',
      queries: {
        available: `kube_deployment_status_replicas_available${server}`,
        wanted: `kube_deployment_spec_replicas${server}`,
      },
    },
    ...hosts,
    {
      title: 'Since the last step of the e-mail queue',
      about: 'A step takes two minutes and more when there is much to send.',
      type: 'stat',
      unit: 's',
      queries: {
        queue: `time() - kube_cronjob_status_last_successful_time${of(env, `cronjob="${NAME}-email-queue-step"`)}`,
      },
      thresholds: [
        { color: 'green', value: null },
        { color: 'orange', value: 600 },
        { color: 'red', value: 1080 },
      ],
    },
    {
      title: 'Since the last success of the CronJobs',
      about: 'All of the namespace.',
      type: 'timeseries',
      unit: 's',
      queries: { '{{cronjob}}': `time() - kube_cronjob_status_last_successful_time${of(env)}` },
    },
    {
      title: 'Pods in the gate',
      about: 'New pods that wait for the migrations of their release.',
      type: 'timeseries',
      unit: 'short',
      queries: { waiting: `sum(kube_pod_init_container_status_running${of(env, 'container="release-gate"')})` },
    },
    {
      title: 'Migration Jobs that failed',
      about: 'Those of earlier releases stay as a record.',
      type: 'timeseries',
      unit: 'short',
      queries: { '{{job_name}}': `kube_job_failed${of(env, `job_name=~"${NAME}-migrate-.*"`, 'condition="true"')}` },
    },
    {
      title: 'Restarts',
      about: 'In the last hour.',
      type: 'timeseries',
      unit: 'short',
      queries: { '{{pod}} {{container}}': `increase(kube_pod_container_status_restarts_total${of(env)}[1h])` },
    },
    {
      title: 'Memory of the server',
      about: 'Both processes of a pod. What grows without an end are errors that are kept.',
      type: 'timeseries',
      unit: 'bytes',
      queries: {
        '{{pod}}': `sum by (pod) (container_memory_working_set_bytes${containers})`,
        limit: `max(kube_pod_container_resource_limits${of(env, `pod=~"${SERVER}-.*"`, 'container="server"', 'resource="memory"')})`,
      },
    },
    {
      title: 'CPU of the server',
      about: 'Cores.',
      type: 'timeseries',
      unit: 'short',
      queries: { '{{pod}}': `sum by (pod) (rate(container_cpu_usage_seconds_total${containers}[5m]))` },
    },
    {
      title: 'Volumes',
      about: 'Share that is used.',
      type: 'timeseries',
      unit: 'percentunit',
      queries: {
        '{{persistentvolumeclaim}}': `1 - kubelet_volume_stats_available_bytes${of(env)} / kubelet_volume_stats_capacity_bytes${of(env)}`,
      },
    },
  ];
}

import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { Probe } from '../../imports/monitoring.coreos.com';
import { metadata, NAME } from '../metadata';

/** Name of the job under which Prometheus keeps what the probe measures. */
export function probeJob(env: Environment): string {
  return `${NAME}-${env.name}`;
}

/** How a Prometheus is to find what it watches; undefined when none is there. */
export function prometheusOf({
  settings,
}: Environment): { labels: Record<string, string>; prober?: string } | undefined {
  const { prometheus } = settings.monitoring;
  if (prometheus === true) return { labels: {} };
  return prometheus === false ? undefined : prometheus;
}

/** Asks both hosts from outside, through the edge and with its certificates. */
export function probe(scope: Construct, env: Environment, prober: string, labels: Record<string, string>): void {
  new Probe(scope, 'probe', {
    metadata: metadata(env, { name: NAME, stage: 'monitoring', labels }),
    spec: {
      jobName: probeJob(env),
      prober: { url: prober },
      module: 'http_2xx',
      interval: '60s',
      targets: {
        staticConfig: {
          // With its database: the API's own health stays green without one.
          static: [
            `${env.config.NEXT_PUBLIC_STACK_API_URL}/health?db=1`,
            `${env.config.NEXT_PUBLIC_STACK_DASHBOARD_URL}/`,
          ],
          labels: { namespace: env.namespace },
        },
      },
    },
  });
}

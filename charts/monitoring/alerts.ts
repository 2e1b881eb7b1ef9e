import type { Environment } from '../../config/environment';
import { NAME } from '../metadata';
import { SERVER } from '../server';
import { probeJob, prometheusOf } from './probe';
import { type Watched, watchedBackups, watchedCalls, watchedQueue, watchedRestoreTests } from './watched';

/** critical: people notice now. warning: somebody should look today. */
export type Severity = 'critical' | 'warning';

/** An alert that somebody can act on. Its section in docs/how-to/alerts.md says how. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it has to last. */
  readonly lasts: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
  readonly runbook: string;
}

interface Definition extends Omit<Alert, 'runbook' | 'expr'> {
  /** Undefined where the environment has nothing of the kind. */
  readonly expr: (env: Environment) => string | undefined;
}

/** The alerts of an environment. */
export function alertsOf(env: Environment): Alert[] {
  return definitions.flatMap(({ expr, ...about }) => {
    const text = expr(env);
    return text === undefined
      ? []
      : [{ ...about, expr: text, runbook: `docs/how-to/alerts.md#${about.alert.toLowerCase()}` }];
  });
}

/** Selects the series of the environment's namespace. */
export function of(env: Environment, ...matchers: string[]): string {
  return `{${[`namespace="${env.namespace}"`, ...matchers].join(',')}}`;
}

const server = `deployment="${SERVER}"`;
const scaler = `horizontalpodautoscaler="${SERVER}"`;
const pods = `pod=~"${NAME}-.*"`;
const DAY = 86_400;

const definitions: readonly Definition[] = [
  {
    alert: 'HexclaveServerUnavailable',
    lasts: '3m',
    severity: 'critical',
    summary: 'No pod of the server is available',
    description: 'Nobody can sign in: no pod of the server in {{ $labels.namespace }} is ready.',
    expr: (env) => `kube_deployment_status_replicas_available${of(env, server)} == 0`,
  },
  {
    alert: 'HexclaveServerShort',
    lasts: '20m',
    severity: 'warning',
    summary: 'Fewer pods of the server than wanted',
    description:
      'For 20 minutes fewer pods of the server in {{ $labels.namespace }} have been available than are wanted.',
    expr: (env) =>
      `kube_deployment_status_replicas_available${of(env, server)} < kube_deployment_spec_replicas${of(env, server)} and kube_deployment_status_replicas_available${of(env, server)} > 0`,
  },
  {
    alert: 'HexclaveNotMeasured',
    lasts: '15m',
    severity: 'warning',
    summary: 'Nothing is known of the server',
    description: 'kube-state-metrics says nothing of the server, so none of the other alerts can fire.',
    expr: (env) => `absent(kube_deployment_spec_replicas${of(env, server)})`,
  },
  {
    alert: 'HexclaveHostDown',
    lasts: '5m',
    severity: 'critical',
    summary: 'A public address does not answer',
    description: '{{ $labels.instance }} does not answer as its users ask it.',
    expr: (env) => (prometheusOf(env)?.prober ? `probe_success{job="${probeJob(env)}"} == 0` : undefined),
  },
  {
    alert: 'HexclaveGateWaiting',
    lasts: '30m',
    severity: 'warning',
    summary: 'A new release waits for its migrations',
    description: 'The pod {{ $labels.pod }} has waited in its gate for half an hour. The old pods serve.',
    expr: (env) =>
      env.settings.migration.gate === 'off'
        ? undefined
        : `max by (namespace, pod) (kube_pod_init_container_status_running${of(env, 'container="release-gate"')}) == 1`,
  },
  {
    alert: 'HexclaveMigrationFailed',
    lasts: '1m',
    severity: 'critical',
    summary: 'The migrations of the newest release have failed',
    description: 'The Job {{ $labels.job_name }} has failed for good. The old pods serve, and new ones wait.',
    expr: (env) => newestFailed(env, `${NAME}-migrate`),
  },
  {
    alert: 'HexclaveRolloutStuck',
    lasts: '1m',
    severity: 'warning',
    summary: 'A rollout has given up',
    description: 'The new pods of {{ $labels.deployment }} have not become ready in time. The old ones serve.',
    expr: (env) => `kube_deployment_status_condition${of(env, 'condition="Progressing"', 'status="false"')} == 1`,
  },
  {
    alert: 'HexclaveEmailQueueStuck',
    lasts: '5m',
    severity: 'critical',
    summary: 'E-mails are not sent',
    description: 'No step of the e-mail queue has succeeded for a while: e-mails wait in the database.',
    expr: (env) => late(env, watchedQueue(env)),
  },
  {
    alert: 'HexclaveMaintenanceLate',
    lasts: '5m',
    severity: 'warning',
    summary: 'A maintenance call fails or is late',
    description: 'No call of {{ $labels.cronjob }} has succeeded for a while.',
    expr: (env) => late(env, watchedCalls(env)),
  },
  {
    alert: 'HexclaveBackupLate',
    lasts: '5m',
    severity: 'critical',
    summary: 'There is no backup of the last night',
    description: 'No backup of {{ $labels.namespace }} has succeeded in its time: what is lost now is lost since then.',
    expr: (env) => late(env, watchedBackups(env)),
  },
  {
    alert: 'HexclaveBackupFailed',
    lasts: '1m',
    severity: 'warning',
    summary: 'The last backup has failed',
    description: 'The Job {{ $labels.job_name }} has failed for good; the backups before it are untouched.',
    expr: (env) => (env.settings.backup ? newestFailed(env, `${NAME}-backup`) : undefined),
  },
  {
    alert: 'HexclaveRestoreTestFailed',
    lasts: '1m',
    severity: 'critical',
    summary: 'The newest backup cannot be restored',
    description:
      'The Job {{ $labels.job_name }} could not bring the newest backup back, or counted other rows than it.',
    expr: (env) => (env.settings.backup?.restoreTest ? newestFailed(env, `${NAME}-restore-test`) : undefined),
  },
  {
    alert: 'HexclaveRestoreTestLate',
    lasts: '5m',
    severity: 'warning',
    summary: 'No backup was restored for a while',
    description:
      'No restore test of {{ $labels.namespace }} has succeeded in its time: whether backups are any good is not known.',
    expr: (env) => late(env, watchedRestoreTests(env)),
  },
  {
    alert: 'HexclaveCertificateExpiring',
    lasts: '1h',
    severity: 'warning',
    summary: 'A certificate is not renewed',
    description: 'The certificate {{ $labels.name }}{{ $labels.instance }} expires within two weeks.',
    expr: certificates,
  },
  {
    alert: 'HexclaveVolumeFilling',
    lasts: '15m',
    severity: 'warning',
    summary: 'A volume is nearly full',
    description: 'The volume {{ $labels.persistentvolumeclaim }} has less than 15 % left.',
    expr: (env) =>
      `kubelet_volume_stats_available_bytes${of(env)} / kubelet_volume_stats_capacity_bytes${of(env)} < 0.15`,
  },
  {
    alert: 'HexclaveRestarting',
    lasts: '5m',
    severity: 'warning',
    summary: 'A container restarts again and again',
    description:
      'The container {{ $labels.container }} of {{ $labels.pod }} has restarted more than three times in an hour.',
    expr: (env) => `increase(kube_pod_container_status_restarts_total${of(env, pods)}[1h]) > 3`,
  },
  {
    alert: 'HexclaveOutOfMemory',
    lasts: '0m',
    severity: 'warning',
    summary: 'A container was killed for its memory',
    description: 'The container {{ $labels.container }} of {{ $labels.pod }} has reached its memory limit.',
    expr: (env) =>
      `kube_pod_container_status_last_terminated_reason${of(env, pods, 'reason="OOMKilled"')} == 1 and on (namespace, pod, container) increase(kube_pod_container_status_restarts_total${of(env, pods)}[15m]) > 0`,
  },
  {
    alert: 'HexclaveReplicasAtMax',
    lasts: '30m',
    severity: 'warning',
    summary: 'The autoscaler has reached its limit',
    description: 'The server has run with as many pods as it may for half an hour.',
    expr: (env) =>
      typeof env.settings.replicas === 'number'
        ? undefined
        : `kube_horizontalpodautoscaler_status_current_replicas${of(env, scaler)} >= kube_horizontalpodautoscaler_spec_max_replicas${of(env, scaler)}`,
  },
  {
    alert: 'HexclavePodsTogether',
    lasts: '30m',
    severity: 'warning',
    summary: 'All server pods run on one node',
    description: 'With that node the server is gone, although there are other nodes.',
    expr: (env) => {
      const { replicas } = env.settings;
      if ((typeof replicas === 'number' ? replicas : replicas.min) < 2) return undefined;
      const placed = `kube_pod_info${of(env, `pod=~"${SERVER}-.*"`, 'node!=""')}`;
      return `count by (namespace) (count by (namespace, node) (${placed})) == 1 and on (namespace) count by (namespace) (${placed}) > 1 and on () count(kube_node_info) > 1`;
    },
  },
];

/** Of Jobs with this beginning the newest one, if it has failed for good: a success after it is the end of the alert. */
function newestFailed(env: Environment, name: string): string {
  const jobs = `job_name=~"${name}-[^-]+"`;
  return `kube_job_failed${of(env, jobs, 'condition="true"')} == 1 and on (namespace, job_name) topk(1, kube_job_created${of(env, jobs)})`;
}

/** CronJobs that have not succeeded within their time; since they were made, when they never have. */
function late(env: Environment, watched: readonly Watched[]): string | undefined {
  const parts = watched.map(({ cronJob, seconds }) => {
    const one = of(env, `cronjob="${cronJob}"`);
    const since = `(kube_cronjob_status_last_successful_time${one} or kube_cronjob_created${one})`;
    return `(time() - ${since} > ${seconds} unless on (namespace, cronjob) kube_cronjob_spec_suspend${one} == 1)`;
  });
  return parts.length > 0 ? parts.join(' or ') : undefined;
}

/** By cert-manager, whose own namespace takes the label's place unless it is told to honor it, and by who asks the hosts. */
function certificates(env: Environment): string | undefined {
  const { edge } = env.settings;
  const expires = 'certmanager_certificate_expiration_timestamp_seconds';
  const issued = edge.tls && ('clusterIssuer' in edge.tls || 'issuer' in edge.tls);
  const sources = [
    ...(issued
      ? [`${expires}{exported_namespace="${env.namespace}"}`, `${expires}${of(env, 'exported_namespace=""')}`]
      : []),
    ...(prometheusOf(env)?.prober ? [`probe_ssl_earliest_cert_expiry{job="${probeJob(env)}"}`] : []),
  ];
  return sources.length > 0 ? sources.map((source) => `${source} - time() < ${14 * DAY}`).join(' or ') : undefined;
}

/** What Prometheus has seen, a sample a minute: series → values, in the notation of promtool. */
export type Series = Readonly<Record<string, string>>;

/** By alert: what lets it fire within three hours, and what does not although it looks like it. */
export interface AlertCase {
  readonly fires: Series;
  readonly quiet: Readonly<Record<string, Series>>;
}

const ns = 'namespace="hexclave-production"';
const deployment = `${ns},deployment="hexclave-server"`;
const DAY = 86_400;
const all = (value: number | string) => `${value}x180`;
/** So many seconds that have passed, from the beginning of time on. */
const spec = (value: number) => ({ [`kube_deployment_spec_replicas{${deployment}}`]: all(value) });
const available = (value: string) => ({ [`kube_deployment_status_replicas_available{${deployment}}`]: value });
const cron = (metric: string, cronjob: string, value: string) => ({
  [`kube_cronjob_${metric}{${ns},cronjob="${cronjob}"}`]: value,
});
const job = (metric: string, name: string, value: string) => ({
  [`kube_job_${metric}{${ns},job_name="${name}"${metric === 'failed' ? ',condition="true"' : ''}}`]: value,
});
const placed = (pod: string, node: string) => ({
  [`kube_pod_info{${ns},pod="hexclave-server-${pod}",node="${node}"}`]: all(1),
});
const nodes = (...names: string[]) =>
  Object.fromEntries(names.map((node) => [`kube_node_info{node="${node}"}`, all(1)]));
const restarts = (container: string, values: string) => ({
  [`kube_pod_container_status_restarts_total{${ns},pod="hexclave-server-a",container="${container}"}`]: values,
});
const oom = {
  [`kube_pod_container_status_last_terminated_reason{${ns},pod="hexclave-server-a",container="server",reason="OOMKilled"}`]:
    all(1),
};
const volume = (metric: string, value: number) => ({
  [`kubelet_volume_stats_${metric}_bytes{${ns},persistentvolumeclaim="data-hexclave-postgres-0"}`]: all(value),
});
const hpa = (current: number, max: number) => ({
  [`kube_horizontalpodautoscaler_status_current_replicas{${ns},horizontalpodautoscaler="hexclave-server"}`]:
    all(current),
  [`kube_horizontalpodautoscaler_spec_max_replicas{${ns},horizontalpodautoscaler="hexclave-server"}`]: all(max),
});
const gate = (value: string) => ({
  [`kube_pod_init_container_status_running{${ns},pod="hexclave-server-a",container="release-gate"}`]: value,
});
const expiry = (labels: string, days: number) => ({
  [`certmanager_certificate_expiration_timestamp_seconds{name="hexclave-api-tls",${labels}}`]: all(days * DAY),
});
const probed = (metric: string, value: string) => ({
  [`${metric}{job="hexclave-production",instance="https://auth.acme.test/"}`]: value,
});
/** A run a minute, each a success until a time. */
const succeedsUntil = (minute: number) => `0+60x${minute} ${minute * 60}x${180 - minute - 1}`;

export const alertCases: Readonly<Record<string, AlertCase>> = {
  HexclaveServerUnavailable: {
    fires: available(all(0)),
    quiet: {
      'one of two pods': available(all(1)),
      'two minutes': available('1x177 0x2'),
      'another namespace': {
        'kube_deployment_status_replicas_available{namespace="other",deployment="hexclave-server"}': all(0),
      },
    },
  },
  HexclaveServerShort: {
    fires: { ...spec(2), ...available(all(1)) },
    quiet: {
      'a rollout of ten minutes': { ...spec(2), ...available('2x168 1x11') },
      'none at all, which has its own': { ...spec(2), ...available(all(0)) },
    },
  },
  HexclaveNotMeasured: { fires: nodes('a'), quiet: { 'a server': spec(2) } },
  HexclaveHostDown: {
    fires: probed('probe_success', all(0)),
    quiet: {
      'an answer': probed('probe_success', all(1)),
      'three minutes': probed('probe_success', '1x176 0x3'),
      'the probe of somebody else': { 'probe_success{job="blog",instance="https://a.test"}': all(0) },
    },
  },
  HexclaveGateWaiting: {
    fires: gate(all(1)),
    quiet: { 'a migration of ten minutes': gate('0x168 1x11'), 'a gate that is passed': gate(all(0)) },
  },
  HexclaveMigrationFailed: {
    fires: { ...job('failed', 'hexclave-migrate-a', all(1)), ...job('created', 'hexclave-migrate-a', all(100)) },
    quiet: {
      'one that failed before a newer one that did not': {
        ...job('failed', 'hexclave-migrate-a', all(1)),
        ...job('created', 'hexclave-migrate-a', all(100)),
        ...job('created', 'hexclave-migrate-b', all(200)),
      },
      'one that is not over': job('created', 'hexclave-migrate-a', all(100)),
    },
  },
  HexclaveRolloutStuck: {
    fires: {
      [`kube_deployment_status_condition{${deployment},condition="Progressing",status="false",reason="ProgressDeadlineExceeded"}`]:
        all(1),
    },
    quiet: {
      'one that goes on': {
        [`kube_deployment_status_condition{${deployment},condition="Progressing",status="false"}`]: all(0),
      },
    },
  },
  HexclaveEmailQueueStuck: {
    fires: cron('status_last_successful_time', 'hexclave-email-queue-step', succeedsUntil(120)),
    quiet: {
      'one success a minute': cron('status_last_successful_time', 'hexclave-email-queue-step', '0+60x180'),
      'a step of four minutes': cron('status_last_successful_time', 'hexclave-email-queue-step', succeedsUntil(176)),
      'one that is suspended': {
        ...cron('status_last_successful_time', 'hexclave-email-queue-step', all(0)),
        ...cron('spec_suspend', 'hexclave-email-queue-step', all(1)),
      },
      'one that was just made': cron('created', 'hexclave-email-queue-step', all(179 * 60)),
    },
  },
  HexclaveMaintenanceLate: {
    // It has never succeeded.
    fires: cron('created', 'hexclave-sync-sequencer', all(0)),
    quiet: {
      'one success a minute': cron('status_last_successful_time', 'hexclave-sync-sequencer', '0+60x180'),
      'an hourly one that is two hours old': cron('status_last_successful_time', 'hexclave-hourly', all(3600)),
      'the e-mail queue, which has its own': cron('created', 'hexclave-email-queue-step', all(0)),
    },
  },
  HexclaveBackupLate: {
    // Since 32 hours.
    fires: cron('status_last_successful_time', 'hexclave-backup', all(-29 * 3600)),
    quiet: {
      'one of 27 hours ago that runs at this moment': cron(
        'status_last_successful_time',
        'hexclave-backup',
        all(-24 * 3600),
      ),
      'one that was made today': cron('created', 'hexclave-backup', all(0)),
    },
  },
  HexclaveBackupFailed: {
    fires: { ...job('failed', 'hexclave-backup-2', all(1)), ...job('created', 'hexclave-backup-2', all(200)) },
    quiet: {
      'one that failed before one that did not': {
        ...job('failed', 'hexclave-backup-1', all(1)),
        ...job('created', 'hexclave-backup-1', all(100)),
        ...job('created', 'hexclave-backup-2', all(200)),
      },
      'a restore test': {
        ...job('failed', 'hexclave-restore-test-2', all(1)),
        ...job('created', 'hexclave-restore-test-2', all(200)),
      },
    },
  },
  HexclaveRestoreTestFailed: {
    fires: {
      ...job('failed', 'hexclave-restore-test-2', all(1)),
      ...job('created', 'hexclave-restore-test-2', all(200)),
    },
    quiet: {
      'one that failed before one that did not': {
        ...job('failed', 'hexclave-restore-test-1', all(1)),
        ...job('created', 'hexclave-restore-test-1', all(100)),
        ...job('created', 'hexclave-restore-test-2', all(200)),
      },
      'a restore by hand': {
        ...job('failed', 'hexclave-restore', all(1)),
        ...job('created', 'hexclave-restore', all(200)),
      },
    },
  },
  HexclaveRestoreTestLate: {
    // Since eight days and three hours.
    fires: cron('status_last_successful_time', 'hexclave-restore-test', all(-8 * DAY)),
    quiet: {
      'one of last Sunday': cron('status_last_successful_time', 'hexclave-restore-test', all(-6 * DAY)),
      'one that was made this week': cron('created', 'hexclave-restore-test', all(-5 * DAY)),
    },
  },
  HexclaveCertificateExpiring: {
    fires: expiry(`exported_namespace="hexclave-production",namespace="cert-manager"`, 10),
    quiet: {
      'one that is renewed in time': expiry(`exported_namespace="hexclave-production",namespace="cert-manager"`, 30),
      'one of another namespace': expiry(`exported_namespace="other",namespace="hexclave-production"`, 10),
      'what a host shows for another month': probed('probe_ssl_earliest_cert_expiry', all(30 * DAY)),
    },
  },
  HexclaveVolumeFilling: {
    fires: { ...volume('available', 10), ...volume('capacity', 100) },
    quiet: { 'half of it': { ...volume('available', 50), ...volume('capacity', 100) } },
  },
  HexclaveRestarting: {
    fires: restarts('server', '0x120 1+1x59'),
    quiet: {
      'one restart': restarts('server', '0x170 1x9'),
      'what has restarted long ago': restarts('server', all(40)),
    },
  },
  HexclaveOutOfMemory: {
    fires: { ...oom, ...restarts('server', '0x170 1x9') },
    quiet: {
      'one of yesterday': { ...oom, ...restarts('server', all(1)) },
      'a restart for another reason': restarts('server', '0x170 1x9'),
    },
  },
  HexclaveReplicasAtMax: { fires: hpa(8, 8), quiet: { 'room for more': hpa(5, 8) } },
  HexclavePodsTogether: {
    fires: { ...placed('a', 'n1'), ...placed('b', 'n1'), ...nodes('n1', 'n2') },
    quiet: {
      'two nodes': { ...placed('a', 'n1'), ...placed('b', 'n2'), ...nodes('n1', 'n2') },
      'a cluster of one node': { ...placed('a', 'n1'), ...placed('b', 'n1'), ...nodes('n1') },
      'one pod': { ...placed('a', 'n1'), ...nodes('n1', 'n2') },
    },
  },
};

/** The same certificate by the ways in which it can be seen. */
export const otherWays: Readonly<Record<string, Series>> = {
  'HexclaveCertificateExpiring from a cert-manager whose labels are honored': expiry(ns, 10),
  'HexclaveCertificateExpiring from who asks the host': probed('probe_ssl_earliest_cert_expiry', all(5 * DAY)),
  'HexclaveMaintenanceLate of an hourly call': cron('status_last_successful_time', 'hexclave-hourly', all(-9000)),
};

/**
 * The metrics that the alerts read, with the labels that their exporters give them. Those of Deployments, Jobs, CronJobs and
 * autoscalers are as kube-state-metrics documents them; the others (pods, kubelet, cAdvisor, cert-manager, blackbox exporter) were
 * written from knowledge of them and were not compared with a running exporter. Beside them Prometheus adds those of the
 * target, `job` and `instance`, and a cert-manager that is scraped without honorLabels has its namespace under `exported_namespace`.
 */
export const metrics: Readonly<Record<string, readonly string[]>> = {
  kube_deployment_spec_replicas: ['namespace', 'deployment'],
  kube_deployment_status_replicas_available: ['namespace', 'deployment'],
  kube_deployment_status_condition: ['namespace', 'deployment', 'condition', 'status', 'reason'],
  kube_job_failed: ['namespace', 'job_name', 'condition'],
  kube_job_created: ['namespace', 'job_name'],
  kube_cronjob_created: ['namespace', 'cronjob'],
  kube_cronjob_spec_suspend: ['namespace', 'cronjob'],
  kube_cronjob_status_last_successful_time: ['namespace', 'cronjob'],
  kube_pod_info: [
    'namespace',
    'pod',
    'node',
    'uid',
    'host_ip',
    'pod_ip',
    'created_by_kind',
    'created_by_name',
    'priority_class',
    'host_network',
  ],
  kube_pod_init_container_status_running: ['namespace', 'pod', 'container', 'uid'],
  kube_pod_container_status_restarts_total: ['namespace', 'pod', 'container', 'uid'],
  kube_pod_container_status_last_terminated_reason: ['namespace', 'pod', 'container', 'reason', 'uid'],
  kube_horizontalpodautoscaler_spec_max_replicas: ['namespace', 'horizontalpodautoscaler'],
  kube_horizontalpodautoscaler_status_current_replicas: ['namespace', 'horizontalpodautoscaler'],
  kube_node_info: ['node'],
  kubelet_volume_stats_available_bytes: ['namespace', 'persistentvolumeclaim'],
  kubelet_volume_stats_capacity_bytes: ['namespace', 'persistentvolumeclaim'],
  certmanager_certificate_expiration_timestamp_seconds: [
    'name',
    'namespace',
    'exported_namespace',
    'issuer_name',
    'issuer_kind',
    'issuer_group',
  ],
  container_cpu_usage_seconds_total: ['namespace', 'pod', 'container', 'image', 'name', 'id', 'cpu'],
  container_memory_working_set_bytes: ['namespace', 'pod', 'container', 'image', 'name', 'id'],
  kube_pod_container_resource_limits: ['namespace', 'pod', 'container', 'node', 'resource', 'unit', 'uid'],
  probe_duration_seconds: ['job', 'instance'],
  probe_success: ['job', 'instance'],
  probe_ssl_earliest_cert_expiry: ['job', 'instance'],
};

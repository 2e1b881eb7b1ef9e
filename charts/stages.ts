/**
 * The order in which everything is applied, for every tool: `kubectl apply -f` goes by file name, Argo CD by sync wave,
 * Flux applies all at once and lets the gate in front of the server wait. One entry per chart.
 */
export const stages = {
  /** Namespace, ServiceAccount and NetworkPolicies: what everything else stands on. */
  namespace: { file: '00-namespace', wave: -4 },
  /** The user's own objects, from `extra/`: what the rest may need. */
  extra: { file: '05-extra', wave: -4 },
  /** ConfigMap: the server's variables that are not secret. */
  configuration: { file: '10-configuration', wave: -4 },
  /** Secret: a file of its own, because git must never see it. */
  secret: { file: '11-secret', wave: -4 },
  /** What becomes that Secret and holds no value of it: for controllers and Flux, and for git. */
  secretSource: { file: '12-secret-source', wave: -4 },
  /** The same for the migration Job's database URL; a file of its own, because sops opens files of one document. */
  migrationSecretSource: { file: '13-migration-secret-source', wave: -4 },
  /** ConfigMaps with the program that renders e-mail, compressed: nobody reads them. */
  rendererProgram: { file: '14-renderer-program', wave: -4 },
  /** What becomes the Secret of backups; a file of its own, as the migration's. */
  backupSecretSource: { file: '15-backup-secret-source', wave: -4 },
  /** Databases that run in the namespace, and operators' objects for them. */
  stores: { file: '20-stores', wave: -3 },
  /** The migration Job. Argo CD waits for its health before the next wave. */
  migration: { file: '30-migration', wave: -1 },
  /** Deployment, Services, disruption budget. */
  server: { file: '40-server', wave: 0 },
  /**
   * The autoscaler, the CronJobs that call the server, and what stands in front of it. All last, because Argo CD does not
   * wait for the last wave: it takes an autoscaler without metrics, which it has none of at first, and since 3.2 one failed
   * tick for Degraded, which ends a sync; and some controllers of the edge never report health.
   */
  autoscaler: { file: '45-autoscaler', wave: 1 },
  maintenance: { file: '50-maintenance', wave: 1 },
  backup: { file: '55-backup', wave: 1 },
  edge: { file: '60-edge', wave: 1 },
  /** Alerts. Behind what has to run: a cluster that lacks their definitions refuses them alone. */
  monitoring: { file: '65-monitoring', wave: 1 },
  /** The user's own objects that run or are reached. In the last wave, too: of their health nobody knows. */
  extraWorkloads: { file: '70-extra', wave: 1 },
} as const;

/** The name of a stage, and of the chart that emits it. */
export type Stage = keyof typeof stages;

/** Whether a file of this name in an output folder is one of ours; every other one is the user's. */
export function isManifest(file: string): boolean {
  return manifestFiles.has(file);
}

/** Files of earlier versions that no stage writes any more, so that they go from folders that still have them. */
const retired: readonly string[] = [];

const manifestFiles: ReadonlySet<string> = new Set(
  [...Object.values(stages).map(({ file }) => file), ...retired].map((file) => `${file}.k8s.yaml`),
);

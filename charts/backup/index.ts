import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { backsUpBefore } from '../../config/backup';
import type { Environment } from '../../config/environment';
import { metadata, NAME } from '../metadata';
import { releaseId } from '../release';
import { repositoryClaim } from './claim';
import { backupPod } from './pod';
import { restoreTest } from './restore-test';
import { takeBackup } from './take';

/** The CronJob that takes backups, and the volume that they go to where there is no bucket. */
export function backup(scope: Construct, env: Environment): void {
  const settings = env.settings.backup;
  if (!settings) return;
  if (!backsUpBefore(env.settings)) repositoryClaim(scope, env, 'backup');
  restoreTest(scope, env);
  new k8s.KubeCronJob(scope, 'backup', {
    metadata: metadata(env, {
      name: `${NAME}-backup`,
      stage: 'backup',
      component: 'backup',
      // Since Argo CD 3.2 one failed run would mark the whole application Degraded.
      annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' },
    }),
    spec: {
      schedule: settings.schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      // A night that the controller was away for is made up for.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 6 * 3600,
          template: backupPod(env, { work: takeBackup(env, 'scheduled', releaseId(env)) }),
        },
      },
    },
  });
}

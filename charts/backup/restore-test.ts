import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { metadata, NAME } from '../metadata';
import { configurations, scripts } from '../scripts';
import { backupContainer, backupPod } from './pod';

/**
 * The CronJob that restores the newest backup into a PostgreSQL of its own, in the pod: it needs no right on the real one, not
 * even its URL, and is no load to it. Whether it succeeded is whether its Job did.
 */
export function restoreTest(scope: Construct, env: Environment): void {
  const settings = env.settings.backup?.restoreTest;
  if (!settings) return;
  const about = { name: `${NAME}-restore-test`, stage: 'backup', component: 'backup' } as const;
  // initdb insists on a name for its user; OpenShift writes one into every container itself.
  const named = env.settings.platform !== 'openshift';
  if (named) {
    new k8s.KubeConfigMap(scope, 'restore-test-users', {
      metadata: metadata(env, about),
      data: { users: configurations.backupUsers },
    });
  }
  new k8s.KubeCronJob(scope, 'restore-test', {
    metadata: metadata(env, { ...about, annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } }),
    spec: {
      schedule: settings.schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 12 * 3600,
          template: backupPod(env, {
            work: backupContainer(env, {
              name: 'restore-test',
              script: scripts.restore,
              variables: { KIND: 'test', BACKUP: 'latest' },
              disk: settings.disk,
              mounts: named
                ? [{ name: 'users', mountPath: '/etc/passwd', subPath: 'users', readOnly: true }]
                : undefined,
            }),
            disk: settings.disk,
            volumes: named ? [{ name: 'users', configMap: { name: about.name } }] : [],
          }),
        },
      },
    },
  });
}

import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { emit } from '../emit';
import { metadata, NAME } from '../metadata';
import { withPodSettings } from '../pods';
import { scripts } from '../scripts';
import { fromSecret, secretKey } from '../variables';
import { backupContainer, backupPod, migrations } from './pod';

/** Name of the Job that brings a backup back. One at a time: the next one takes its place. */
export const RESTORE_JOB = `${NAME}-restore`;

export interface RestoreProps {
  /** Name of the backup, or `latest`. */
  readonly backup: string;
  /** Data that is there is removed. */
  readonly replace: boolean;
}

/** The Job that brings a backup back, as a file of its own: it is no part of what is applied every time. */
export function restoreManifest(env: Environment, { backup, replace }: RestoreProps): string {
  const chart = new Chart(new App(), 'restore');
  new k8s.KubeJob(chart, 'restore', {
    metadata: metadata(env, { name: RESTORE_JOB, stage: 'migration', component: 'backup' }),
    spec: {
      // What it refuses it refuses again, and what it has not committed is as if it had not run.
      backoffLimit: 0,
      activeDeadlineSeconds: 12 * 3600,
      template: backupPod(env, {
        before: [migrations(env)],
        work: backupContainer(env, {
          name: 'restore',
          script: scripts.restore,
          // Not the role that only reads: it makes tables, and has to own them.
          database: fromSecret('DATABASE_URL', env.migrationDatabase ?? secretKey(env, DATABASE)),
          variables: {
            KIND: 'restore',
            BACKUP: backup,
            REPLACE: replace ? env.name : '',
            IMAGE_TAG: env.settings.image.tag,
          },
        }),
      }),
    },
  });
  const documents = chart.toJson();
  for (const document of documents) withPodSettings(env, document);
  return emit(documents);
}

const DATABASE = 'STACK_DATABASE_CONNECTION_STRING';

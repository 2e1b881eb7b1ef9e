import type { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { scripts } from '../scripts';
import { backupContainer, readingDatabase } from './pod';

/** Takes a backup; before a migration only if there is something to migrate. */
export function takeBackup(env: Environment, kind: 'scheduled' | 'before-migration', release: string): k8s.Container {
  const { keep } = env.settings.backup!;
  return backupContainer(env, {
    name: 'backup',
    script: scripts.backup,
    database: readingDatabase(env),
    variables: {
      KIND: kind,
      RELEASE_ID: release,
      IMAGE_TAG: env.settings.image.tag,
      // Of the other kind nothing, for whatever is in the migration Job makes a new release when it changes.
      ...(kind === 'scheduled'
        ? {
            KEEP_DAILY: String(keep.daily),
            KEEP_WEEKLY: String(keep.weekly),
            KEEP_MONTHLY: String(keep.monthly),
          }
        : { KEEP_BEFORE_MIGRATION: String(keep.beforeMigration) }),
    },
  });
}

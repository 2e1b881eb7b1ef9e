import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { backsUpBefore } from '../config/backup';
import type { Environment } from '../config/environment';
import { repositoryClaim } from './backup/claim';
import { metadata, NAME } from './metadata';
import { migrationJob } from './migration-job';
import { releaseId } from './release';

/**
 * The migration Job: a plain object whose name carries the release id. No hook (Argo CD would seed on every sync), no
 * TTL (a controller would re-create a deleted Job and run it again), no generateName
 * (docs/explanation/kubernetes.md#one-job-for-each-release).
 */
export function migration(scope: Construct, env: Environment): void {
  const release = releaseId(env);
  if (backsUpBefore(env.settings)) repositoryClaim(scope, env, 'migration');
  new k8s.KubeJob(scope, 'migrate', {
    metadata: metadata(env, {
      name: `${NAME}-migrate-${release}`,
      stage: 'migration',
      component: 'migration',
      labels: { 'hexclave.dev/release': release },
      // Jobs of earlier releases stay as the record of what ran; without pruning they must not make the app OutOfSync.
      annotations: { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous' },
    }),
    spec: migrationJob(env, release),
  });
}

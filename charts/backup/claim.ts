import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { metadata } from '../metadata';
import type { Stage } from '../stages';
import { REPOSITORY } from './pod';

/**
 * The volume's claim, in the stage of its first pod: Argo CD waits for a claim to be bound before it goes on to the next
 * wave, and most classes bind one only when a pod asks for it.
 */
export function repositoryClaim(scope: Construct, env: Environment, stage: Stage): void {
  const { to } = env.settings.backup!;
  if (!('volume' in to)) return;
  new k8s.KubePersistentVolumeClaim(scope, 'backup-repository', {
    metadata: metadata(env, {
      name: REPOSITORY,
      stage,
      component: 'backup',
      annotations: {
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      },
    }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: to.volume.storageClassName,
      resources: { requests: { storage: k8s.Quantity.fromString(String(to.volume.size)) } },
    },
  });
}

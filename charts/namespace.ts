import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { clusterMetadata, metadata } from './metadata';
import { networkPolicies } from './network';
import { serviceAccounts } from './service-account';

/** What everything else stands on: the namespace, the pods' identity, and who may talk to whom. */
export function namespace(scope: Construct, env: Environment): void {
  if (env.settings.namespace.create) {
    const restricted = { enforce: 'restricted', audit: 'restricted', warn: 'restricted' };
    new k8s.KubeNamespace(scope, 'namespace', {
      metadata: clusterMetadata(env, {
        name: env.namespace,
        stage: 'namespace',
        labels: Object.fromEntries(
          Object.entries(restricted).map(([mode, level]) => [`pod-security.kubernetes.io/${mode}`, level]),
        ),
        // A renamed file, a mistaken prune or an Application that is deleted must not take the namespace, and all that others keep in it, away.
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
          'kustomize.toolkit.fluxcd.io/prune': 'disabled',
        },
      }),
    });
  }
  for (const [name, annotations] of serviceAccounts(env)) {
    new k8s.KubeServiceAccount(scope, `service-account-${name}`, {
      metadata: metadata(env, { name, stage: 'namespace', annotations }),
      automountServiceAccountToken: false,
    });
  }
  networkPolicies(scope, env);
}

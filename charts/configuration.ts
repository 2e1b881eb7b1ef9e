import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { metadata } from './metadata';
import { CONFIG_NAME } from './variables';

/** The ConfigMap. Its name is stable: a name with a hash would be pruned by Flux while old pods still start from it. */
export function configuration(scope: Construct, env: Environment): void {
  new k8s.KubeConfigMap(scope, 'config', {
    metadata: metadata(env, { name: CONFIG_NAME, stage: 'configuration' }),
    data: { ...env.config },
  });
}

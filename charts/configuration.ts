import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { VERSION } from '../config/version';
import { metadata } from './metadata';
import { CONFIG_NAME } from './variables';

/**
 * Which version made the manifests: an annotation of the ConfigMap alone, so that one object shows a new version. No pod rolls
 * for it, because their checksum counts the values.
 */
export const GENERATOR = 'hexclave.dev/generator';

/** The ConfigMap. Its name is stable: a name with a hash would be pruned by Flux while old pods still start from it. */
export function configuration(scope: Construct, env: Environment): void {
  new k8s.KubeConfigMap(scope, 'config', {
    metadata: metadata(env, { name: CONFIG_NAME, stage: 'configuration', annotations: { [GENERATOR]: VERSION } }),
    data: { ...env.config },
  });
}

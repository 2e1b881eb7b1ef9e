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

/** The Secrets, where this project writes them. `data`, not `stringData`: removing a key must remove it from the cluster. */
export function secret(scope: Construct, env: Environment): void {
  if (env.secrets) emit(scope, env, env.secretName, env.secrets);
  if (env.migrationDatabase && env.migrationDatabaseUrl !== undefined) {
    const { secret: name, key } = env.migrationDatabase;
    emit(scope, env, name, { [key]: env.migrationDatabaseUrl });
  }
}

function emit(scope: Construct, env: Environment, name: string, values: Readonly<Record<string, string>>): void {
  new k8s.KubeSecret(scope, name, {
    metadata: metadata(env, { name, stage: 'secret' }),
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
}

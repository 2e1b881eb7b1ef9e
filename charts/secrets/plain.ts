import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { BACKUP_SECRET } from '../../config/secrets/names';
import { metadata } from '../metadata';

/** The Secrets of the mode `env-file`. `data`, not `stringData`: removing a key must remove it from the cluster. */
export function secret(scope: Construct, env: Environment): void {
  if (env.settings.secrets.mode !== 'env-file') return;
  if (env.secrets) emit(scope, env, env.secretName, env.secrets);
  if (env.migrationDatabase && env.migrationDatabaseUrl !== undefined) {
    const { secret: name, key } = env.migrationDatabase;
    emit(scope, env, name, { [key]: env.migrationDatabaseUrl });
  }
  const backups = env.backup?.values ?? {};
  if (Object.keys(backups).length > 0) emit(scope, env, BACKUP_SECRET, backups);
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

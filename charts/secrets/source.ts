import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { BACKUP_SECRET, MIGRATION_SECRET } from '../../config/secrets/names';
import { externalSecret, generatedSecrets } from './external';
import type { SourceProps } from './produced';
import { sealedSecret } from './sealed';
import { sopsSecret } from './sops';

/** What becomes the Secret of the server's variables, in the modes in which that is committed. */
export function secretSource(scope: Construct, env: Environment): void {
  source(scope, env, { stage: 'secretSource', secret: env.secretName, variables: env.secretNames ?? [] });
  generatedSecrets(scope, env);
}

/** What becomes the Secret of the migration Job's database URL, where it is one of these manifests'. */
export function migrationSecretSource(scope: Construct, env: Environment): void {
  const at = env.migrationDatabase;
  if (at?.secret !== MIGRATION_SECRET) return;
  source(scope, env, { stage: 'migrationSecretSource', secret: at.secret, variables: [at.key] });
}

/** What becomes the Secret that backups read. */
export function backupSecretSource(scope: Construct, env: Environment): void {
  const variables = env.backup?.names ?? [];
  if (variables.length > 0) source(scope, env, { stage: 'backupSecretSource', secret: BACKUP_SECRET, variables });
}

function source(scope: Construct, env: Environment, props: SourceProps): void {
  switch (env.settings.secrets.mode) {
    case 'external-secrets':
      externalSecret(scope, env, env.settings.secrets, props);
      break;
    case 'sealed-secrets':
      sealedSecret(scope, env, env.settings.secrets, props);
      break;
    case 'sops':
      sopsSecret(scope, env, props);
      break;
    default:
  }
}

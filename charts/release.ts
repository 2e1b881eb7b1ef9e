import { createHash, createHmac } from 'node:crypto';
import { contract } from '../config/contract';
import type { Environment } from '../config/environment';
import { serverImage } from './images';
import { scripts } from './scripts';

/**
 * Id of a release: ten hex digits over the image, the Job's script and what migrations and seed read. The same inputs
 * give the same Job, which is then left alone; any other input gives a new one (operations.md §1.5).
 */
export function releaseId(env: Environment): string {
  const { settings } = env;
  const names = contract.filter((item) => item.seed).map((item) => item.name);
  return createHash('sha256')
    .update(
      JSON.stringify([
        serverImage(settings),
        scripts.release,
        settings.migration.attempt,
        settings.secrets.revision,
        env.secretName,
        env.migrationDatabase,
        pick(env.config, names),
        pick(env.literals, names),
        pick(env.references, names),
        fingerprint(env, { ...pick(env.secrets ?? {}, names), migration: env.migrationDatabaseUrl }),
      ]),
    )
    .digest('hex')
    .slice(0, 10);
}

/** Digest of everything a server pod reads at its start, for the pod template: a change rolls the pods. */
export function configurationDigest(env: Environment): string {
  const { secrets, config, references, settings } = env;
  return createHash('sha256')
    .update(
      JSON.stringify([config, references, settings.secrets.revision, env.secretName, fingerprint(env, secrets ?? {})]),
    )
    .digest('hex')
    .slice(0, 32);
}

/**
 * A keyed hash of secret values. The key is the server secret, 32 random bytes: a bare hash in an annotation would let
 * anyone who can read it try passwords offline (operations.md §4.1). Without that key there is no hash at all, and
 * `secrets.revision` says when something has changed.
 */
function fingerprint(env: Environment, values: Record<string, string | undefined>): string {
  const key = env.secrets?.STACK_SERVER_SECRET;
  return key ? createHmac('sha256', key).update(JSON.stringify(values)).digest('hex') : '';
}

function pick<T>(values: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]!]));
}

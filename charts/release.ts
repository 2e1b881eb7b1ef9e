import { createHash } from 'node:crypto';
import { contract } from '../config/contract';
import type { Environment } from '../config/environment';
import { contentId } from './content-id';
import { NAME } from './metadata';
import { migrationJob } from './migration-job';
import { patchesOf } from './patches';
import { podExtras } from './pods';

/**
 * Id of a release: ten hex digits over the Job, and the values that migrations and seed read and the Job only refers
 * to. The same inputs give the same Job, which is then left alone; any other input gives a new one
 * (docs/explanation/kubernetes.md#one-job-for-each-release). All of the Job counts, for the API server refuses to
 * change one: a label or a toleration more would end every apply with an error.
 */
export function releaseId(env: Environment): string {
  const names = contract.filter((item) => item.seed).map((item) => item.name);
  return contentId(
    migrationJob(env, ''),
    env.settings.migration.attempt,
    origin(env),
    pick(env.config, names),
    pick(env.references, names),
    pick(env.fingerprints, [...names, ...migrationOnly]),
    ...podExtras(env, 'migration'),
    ...patchesOf(env, 'migration', `${NAME}-migrate`),
  );
}

/** Digest of everything a server pod reads at its start, for the pod template: a change rolls the pods. */
export function configurationDigest(env: Environment): string {
  const fingerprints = Object.entries(env.fingerprints).filter(([name]) => !notServers.includes(name));
  return createHash('sha256')
    .update(JSON.stringify([env.config, env.references, origin(env), env.secretNames, fingerprints]))
    .digest('hex')
    .slice(0, 32);
}

const notServers = contract.filter((item) => item.scope).map((item) => item.name);
const migrationOnly = contract.filter((item) => item.scope === 'migration').map((item) => item.name);

/** What stands for secret values that are not known here: where they come from, and what the user says of their change. */
function origin(env: Environment): unknown {
  const { secrets } = env.settings;
  const place =
    secrets.mode === 'external-secrets' ? [secrets.store, secrets.from, secrets.remoteRefs] : env.secretName;
  return [place, secrets.revision];
}

/** Digest of the secrets that a store reads at its start: with a new value it needs a new pod, as the server does. */
export function secretsDigest(env: Environment, names: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([pick(env.references, names), origin(env), pick(env.fingerprints, names)]))
    .digest('hex')
    .slice(0, 32);
}

function pick<T>(values: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]!]));
}

import type { k8s } from 'cdk8s-plus-28';
import { backsUpBefore } from '../config/backup';
import type { Environment } from '../config/environment';
import { backupVolumes, migrations, programs } from './backup/pod';
import { takeBackup } from './backup/take';
import { serverImage } from './images';
import { container, podTemplate } from './pod';
import { scripts } from './scripts';
import { SERVER_USER, scratch, trustedCertificates } from './server-pod';
import { allVariables, fromSecret, verbatim } from './variables';

/** What the migration Job of a release does, and under which limits. */
export function migrationJob(env: Environment, release: string): k8s.JobSpec {
  const before = backsUpBefore(env.settings);
  return {
    parallelism: 1,
    completions: 1,
    // Each attempt waits five minutes for a database that is not there yet: half an hour in all. A migration that fails is
    // tried again after 10, 20, 40 and 80 s, so that Argo CD and Flux say within minutes that it has failed.
    backoffLimit: 4,
    // Killing CREATE INDEX CONCURRENTLY leaves an invalid index that a re-run skips: be generous.
    activeDeadlineSeconds: 7200,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      // A drained node is not a failed migration.
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    template: podTemplate(env, {
      component: 'migration',
      user: SERVER_USER,
      annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
      spec: {
        restartPolicy: 'Never',
        priorityClassName: env.settings.priorityClassName,
        // Long enough for the statement in flight to end by itself.
        terminationGracePeriodSeconds: 600,
      },
      initContainers: before
        ? [programs(env), migrations(env), takeBackup(env, 'before-migration', release)]
        : undefined,
      containers: [migrate(env, release)],
      volumes: [scratch.tmp, ...(before ? backupVolumes(env) : []), ...trustedCertificates(env).volumes],
    }),
  };
}

function migrate(env: Environment, release: string): k8s.Container {
  const certificates = trustedCertificates(env);
  const variables = allVariables(env, {
    STACK_RUN_MIGRATIONS: 'true',
    STACK_RUN_SEED_SCRIPT: String(env.settings.migration.seed),
    RELEASE_ID: release,
    HOME: '/tmp',
    ...certificates.variables,
  });
  return container({
    name: 'migrate',
    image: serverImage(env.settings),
    workingDir: '/app/apps/backend',
    command: ['node'],
    args: ['--input-type=module', '--eval', verbatim(scripts.migrate)],
    ...direct(env, variables),
    ...env.settings.migration.resources,
    volumeMounts: [scratch.tmpMount, ...certificates.mounts],
  });
}

/**
 * Migrations need sessions of their own: a transaction-mode pooler breaks them (docs/explanation/server.md#postgresql).
 */
function direct(env: Environment, variables: Variables): Variables {
  if (!env.migrationDatabase) return variables;
  const others = (variables.env ?? []).filter((item) => item.name !== DATABASE);
  return { ...variables, env: [...others, fromSecret(DATABASE, env.migrationDatabase)] };
}

const DATABASE = 'STACK_DATABASE_CONNECTION_STRING';
type Variables = ReturnType<typeof allVariables>;

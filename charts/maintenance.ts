import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { CURL_USER, mirrored } from './images';
import { metadata, NAME } from './metadata';
import { container, podTemplate } from './pod';
import { API_PORT } from './ports';
import { scripts } from './scripts';
import { secretKey, verbatim } from './variables';

/** An endpoint that wants to be called on a schedule. */
interface Endpoint {
  readonly name: string;
  readonly path: string;
  /** Cron schedule, UTC. */
  readonly schedule: string;
  /** Longest one call may take, in seconds. */
  readonly timeoutSeconds: number;
  /** Why it is emitted but does not run. @default - it runs */
  readonly suspended?: string;
}

const INTERNAL = '/api/latest/internal';
/** How long container/call.sh waits for somebody to answer. */
const WAIT_SECONDS = 300;
const TOKEN_DIR = '/run/cron';

/** CronJobs that call the maintenance endpoints on the Service in the cluster, past every proxy and its timeouts. */
export function maintenance(scope: Construct, env: Environment): void {
  for (const endpoint of endpoints(env)) cronJob(scope, env, endpoint);
}

/**
 * The guide's three, the two of today's images, and the user's own. How long a call takes:
 * docs/explanation/server.md#maintenance-calls.
 */
function endpoints(env: Environment): Endpoint[] {
  const { schedule, ...chosen } = env.settings.maintenance;
  const all: (Endpoint | false)[] = [
    chosen.emailQueueStep && {
      name: 'email-queue-step',
      path: `${INTERNAL}/email-queue-step`,
      schedule,
      timeoutSeconds: 240,
    },
    chosen.sequencer && {
      name: 'sync-sequencer',
      path: `${INTERNAL}/external-db-sync/sequencer?maxDurationMs=55000`,
      schedule,
      timeoutSeconds: 90,
    },
    chosen.poller !== false && {
      name: 'sync-poller',
      path: `${INTERNAL}/external-db-sync/poller?maxDurationMs=55000`,
      schedule,
      timeoutSeconds: 90,
      suspended:
        chosen.poller || env.qstash
          ? undefined
          : 'QStash is not configured: the poller would log an error twenty times a second and the server would grow until it is killed',
    },
    chosen.workflowEngineStep && {
      name: 'workflow-engine-step',
      path: `${INTERNAL}/workflow-engine-step`,
      schedule,
      timeoutSeconds: 240,
    },
    chosen.issuesReconciler && {
      name: 'issues-reconciler',
      path: `${INTERNAL}/issues/reconciler`,
      schedule: '*/5 * * * *',
      timeoutSeconds: 240,
    },
    ...Object.entries(chosen.extra).map(([name, extra]) => ({ ...extra, name, schedule: extra.schedule ?? schedule })),
  ];
  return all.filter((item) => item !== false);
}

function cronJob(scope: Construct, env: Environment, endpoint: Endpoint): void {
  const token = secretKey(env, 'CRON_SECRET');
  // The user's own names among them: a construct cannot be called `constructor`.
  new k8s.KubeCronJob(scope, `call-${endpoint.name}`, {
    metadata: metadata(env, {
      name: `${NAME}-${endpoint.name}`,
      stage: 'maintenance',
      component: 'maintenance',
      annotations: {
        // Since Argo CD 3.2 one failed tick would mark the whole application Degraded.
        'argocd.argoproj.io/ignore-healthcheck': 'true',
        ...(endpoint.suspended ? { 'hexclave.dev/suspended': endpoint.suspended } : {}),
      },
    }),
    spec: {
      schedule: endpoint.schedule,
      timeZone: 'Etc/UTC',
      suspend: endpoint.suspended !== undefined,
      concurrencyPolicy: 'Forbid',
      // At least 60 s, so that a tick missed while a call runs starts right after it
      // (docs/explanation/kubernetes.md#cronjobs).
      startingDeadlineSeconds: 100,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          // The next tick is the retry.
          backoffLimit: 0,
          // A pod that cannot start would otherwise hold back every later tick for ever. The call itself waits for the
          // server, so that the first ones of an installation do not fail.
          activeDeadlineSeconds: WAIT_SECONDS + endpoint.timeoutSeconds + 60,
          template: podTemplate(env, {
            component: 'maintenance',
            user: CURL_USER,
            spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 5 },
            containers: [call(env, endpoint)],
            volumes: [
              {
                name: 'token',
                secret: {
                  secretName: token.secret,
                  defaultMode: 0o440,
                  items: [{ key: token.key, path: 'CRON_SECRET' }],
                },
              },
            ],
          }),
        },
      },
    },
  });
}

/** The token comes from a file: on a command line every process of the node could read it. */
function call(env: Environment, endpoint: Endpoint): k8s.Container {
  return container({
    name: 'call',
    image: mirrored(env.settings, env.settings.images.curl),
    command: ['/bin/sh', '-c', verbatim(scripts.call), 'call'],
    args: [
      '--silent',
      '--show-error',
      // Without it a wrong secret looks like success.
      '--fail',
      // The API is in the cluster, whatever some webhook puts into the pod.
      ...(env.settings.proxy ? ['--noproxy', '*'] : []),
      '--output',
      '/dev/null',
      '--connect-timeout',
      '5',
      '--max-time',
      String(endpoint.timeoutSeconds),
      '--variable',
      `token@${TOKEN_DIR}/CRON_SECRET`,
      '--expand-header',
      'Authorization: Bearer {{token:trim}}',
      `http://${NAME}-api.${env.namespace}.svc:${API_PORT}${endpoint.path}`,
    ],
    ...env.settings.maintenance.resources,
    volumeMounts: [{ name: 'token', mountPath: TOKEN_DIR, readOnly: true }],
  });
}

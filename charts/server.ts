import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { amount } from '../config/quantity';
import { keepAliveMilliseconds, serviceAnnotations, serviceObjects } from './edge/server';
import { serverImage } from './images';
import { metadata, NAME, selectorLabels } from './metadata';
import { apart, container, podTemplate } from './pod';
import { API_PORT, DASHBOARD_PORT } from './ports';
import { configurationDigest, releaseId } from './release';
import { scripts } from './scripts';
import { SERVER_USER, scratch, trustedCertificates, WORK_DIR } from './server-pod';
import { allVariables, literal, oneVariable, verbatim } from './variables';

/** Name of the Deployment. */
export const SERVER = `${NAME}-server`;

/** Longest a new pod waits for its migrations; the rollout's own deadline is a little longer, so that it never gives up first. */
const GATE_TIMEOUT_SECONDS = 7200;

/** The server: API and dashboard in one pod, as the image runs them, with what keeps them up. */
export function server(scope: Construct, env: Environment): void {
  const { replicas } = env.settings;
  const name = SERVER;
  const scaled = typeof replicas === 'number' ? undefined : replicas;
  new k8s.KubeDeployment(scope, 'server', {
    metadata: metadata(env, { name, stage: 'server', component: 'server', annotations: reloading(env) }),
    spec: {
      // An autoscaler owns the number; writing it here would reset it on every apply.
      replicas: scaled ? undefined : (replicas as number),
      revisionHistoryLimit: 5,
      minReadySeconds: 10,
      progressDeadlineSeconds: GATE_TIMEOUT_SECONDS + 300,
      selector: { matchLabels: selectorLabels(env, 'server') },
      // The old pods serve until the new ones are ready, however long a migration takes.
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) },
      },
      template: template(env),
    },
  });
  serviceObjects(scope, env);
  service(scope, env, 'api', API_PORT);
  service(scope, env, 'dashboard', DASHBOARD_PORT);
  // A budget for a single replica would block every drain for ever.
  if ((scaled?.min ?? (replicas as number)) >= 2) {
    new k8s.KubePodDisruptionBudget(scope, 'budget', {
      metadata: metadata(env, { name, stage: 'server', component: 'server' }),
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: selectorLabels(env, 'server') },
      },
    });
  }
}

/** For Stakater's Reloader. Secrets alone: a change of the ConfigMap rolls the pods by itself. */
function reloading(env: Environment): Record<string, string> {
  if (!env.settings.secrets.reloader) return {};
  const names = [env.secretName, ...Object.values(env.references).map(({ secret }) => secret)];
  return { 'secret.reloader.stakater.com/reload': [...new Set(names)].sort().join(',') };
}

function template(env: Environment): k8s.PodTemplateSpec {
  const { settings } = env;
  const certificates = trustedCertificates(env);
  const release = releaseId(env);
  return podTemplate(env, {
    component: 'server',
    user: SERVER_USER,
    annotations: { 'hexclave.dev/release': release, 'hexclave.dev/configuration': configurationDigest(env) },
    spec: {
      priorityClassName: settings.priorityClassName,
      // 15 s until no endpoint points here, then what is in flight: an e-mail step runs for two minutes and more, and
      // a killed one leaves mails in an unknown state (docs/explanation/server.md#signals).
      terminationGracePeriodSeconds: 210,
      topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        // Soft: with maxUnavailable 0 a hard rule stops a rollout on a cluster of two nodes.
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorLabels(env, 'server') },
        matchLabelKeys: ['pod-template-hash'],
      })),
      affinity: apart(env, 'server'),
    },
    initContainers: settings.migration.gate === 'off' ? undefined : [gate(env, release)],
    containers: [serverContainer(env)],
    volumes: [scratch.work(settings.resources.limits['ephemeral-storage']), scratch.tmp, ...certificates.volumes],
  });
}

/** Asks the database, not the API server, whether this release has been migrated: needs no token and outlives the Job. */
function gate(env: Environment, release: string): k8s.Container {
  const certificates = trustedCertificates(env);
  return container({
    name: 'release-gate',
    image: serverImage(env.settings),
    command: ['node'],
    args: ['--input-type=module', '--eval', verbatim(scripts.gate)],
    env: [
      oneVariable(env, 'STACK_DATABASE_CONNECTION_STRING'),
      ...Object.entries({
        GATE: env.settings.migration.gate,
        GATE_TIMEOUT_SECONDS: String(GATE_TIMEOUT_SECONDS),
        RELEASE_ID: release,
        HOME: '/tmp',
        ...certificates.variables,
      }).map(([name, value]) => literal(name, value)),
    ],
    ...env.settings.migration.gateResources,
    volumeMounts: [scratch.tmpMount, ...certificates.mounts],
  });
}

function serverContainer(env: Environment): k8s.Container {
  const { requests, limits } = env.settings.resources;
  const certificates = trustedCertificates(env);
  return container({
    name: 'server',
    image: serverImage(env.settings),
    workingDir: '/app',
    command: ['/bin/bash', '-c', verbatim(scripts.start)],
    ...allVariables(env, {
      STACK_RUN_MIGRATIONS: 'false',
      STACK_RUN_SEED_SCRIPT: 'false',
      STACK_RUNTIME_WORK_DIR: WORK_DIR,
      HOME: '/tmp',
      ...(provided(env, 'KEEP_ALIVE_TIMEOUT') ? {} : { KEEP_ALIVE_TIMEOUT: String(keepAliveMilliseconds(env)) }),
      ...nodeOptions(env),
      ...certificates.variables,
    }),
    ports: [
      { name: 'api', containerPort: API_PORT, protocol: 'TCP' },
      { name: 'dashboard', containerPort: DASHBOARD_PORT, protocol: 'TCP' },
    ],
    // Nothing listens until the work directory is copied and rewritten: 75 s on a busy machine, ten minutes are allowed.
    startupProbe: {
      httpGet: { path: '/health', port: name('api') },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 120,
    },
    // Both processes and the database: /health stays green on a dashboard whose pages fail.
    readinessProbe: {
      exec: { command: ['/bin/bash', '-c', verbatim(scripts.ready)] },
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 3,
    },
    // Never the database: an outage there must not restart every pod here.
    livenessProbe: {
      httpGet: { path: '/health', port: name('api') },
      periodSeconds: 15,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    // Not escaped: the kubelet expands $(NAME) in probes and arguments, but not in lifecycle handlers.
    lifecycle: { preStop: { exec: { command: ['/bin/bash', '-c', scripts.drain] } } },
    requests,
    limits,
    volumeMounts: [scratch.workMount, scratch.tmpMount, ...certificates.mounts],
  });
}

/** Two Node processes share the limit and each would size its heap for all of it: 35 % each leaves room for the rest. */
function nodeOptions(env: Environment): Record<string, string> {
  const own = env.config.NODE_OPTIONS ?? '';
  if (env.secretNames?.includes('NODE_OPTIONS') || env.references.NODE_OPTIONS || own.includes('max-old-space-size'))
    return {};
  const heap = Math.floor((amount(env.settings.resources.limits.memory) * 0.35) / 2 ** 20);
  return { NODE_OPTIONS: `${own} --max-old-space-size=${heap}`.trim() };
}

function provided(env: Environment, variable: string): boolean {
  return (
    env.secretNames?.includes(variable) === true ||
    [env.config, env.references, env.literals].some((place) => variable in place)
  );
}

function service(scope: Construct, env: Environment, port: 'api' | 'dashboard', number: number): void {
  new k8s.KubeService(scope, `service-${port}`, {
    metadata: metadata(env, {
      name: `${NAME}-${port}`,
      stage: 'server',
      component: 'server',
      annotations: serviceAnnotations(env, port),
    }),
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(env, 'server'),
      ports: [{ name: port, port: number, targetPort: name(port), protocol: 'TCP', appProtocol: 'http' }],
    },
  });
}

function name(port: string): k8s.IntOrString {
  return k8s.IntOrString.fromString(port);
}

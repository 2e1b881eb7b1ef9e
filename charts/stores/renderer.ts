import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { RENDERER } from '../../config/stores/renderer';
import { mirrored } from '../images';
import { metadata, selectorLabels } from '../metadata';
import { type Amounts, apart, container, podTemplate } from '../pod';
import { secretsDigest } from '../release';
import { programParts } from '../renderer-program';
import { fromSecret, literal, secretKey } from '../variables';
import { STORE_USER } from './stateful';
import type { StoreChart } from './store';

const KEY = 'STACK_FREESTYLE_API_KEY';
const HTTP = k8s.IntOrString.fromString('http');

/** What renders e-mail. Its scripts come from the database, so it may talk to nobody, and the server alone talks to it. */
export const renderer: StoreChart = {
  component: 'renderer',
  runs: (env) => env.settings.stores.renderer.mode === 'bundled',
  network: () => ({ port: RENDERER.port, clients: ['server'], closed: true }),
  emit(scope, env) {
    const settings = env.settings.stores.renderer;
    if (settings.mode !== 'bundled') return;
    const replicas = replicasOf(env);
    service(scope, env);
    new k8s.KubeDeployment(scope, RENDERER.name, {
      metadata: about(env),
      spec: {
        replicas,
        revisionHistoryLimit: 5,
        selector: { matchLabels: selectorLabels(env, 'renderer') },
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) },
        },
        template: template(env, settings.concurrency),
      },
    });
    // A budget for a single replica would block every drain for ever.
    if (replicas < 2) return;
    new k8s.KubePodDisruptionBudget(scope, `${RENDERER.name}-budget`, {
      metadata: about(env),
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: selectorLabels(env, 'renderer') },
      },
    });
  },
};

function about(env: Environment): k8s.ObjectMeta {
  return metadata(env, { name: RENDERER.name, stage: 'stores', component: 'renderer' });
}

/** As many as it takes to lose one, where the server can. One pod renders more than the server's queue sends. */
function replicasOf({ settings: { replicas } }: Environment): number {
  return (typeof replicas === 'number' ? replicas : replicas.min) >= 2 ? 2 : 1;
}

function service(scope: Construct, env: Environment): void {
  new k8s.KubeService(scope, `${RENDERER.name}-service`, {
    metadata: about(env),
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(env, 'renderer'),
      // A job of generation C takes several calls, and the pod that took the first has what the others are about.
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIp: { timeoutSeconds: 600 } },
      ports: [{ name: 'http', port: RENDERER.port, targetPort: HTTP, protocol: 'TCP', appProtocol: 'http' }],
    },
  });
}

function template(env: Environment, concurrency: number): k8s.PodTemplateSpec {
  const { names, digest } = programParts();
  return podTemplate(env, {
    component: 'renderer',
    user: STORE_USER,
    annotations: { 'hexclave.dev/program': digest, 'hexclave.dev/secrets': secretsDigest(env, [KEY]) },
    spec: {
      priorityClassName: env.settings.priorityClassName,
      // 5 s until no endpoint points here, then what is in flight: a render may wait for 60 s and run for 30.
      terminationGracePeriodSeconds: 100,
      affinity: apart(env, 'renderer'),
    },
    containers: [program(env, concurrency)],
    volumes: [
      { name: 'program', projected: { sources: names.map((name) => ({ configMap: { name } })) } },
      { name: 'run', emptyDir: { sizeLimit: k8s.Quantity.fromString('128Mi') } },
    ],
  });
}

function program(env: Environment, concurrency: number): k8s.Container {
  const probe = (path: string, seconds: { periodSeconds: number; failureThreshold: number }): k8s.Probe => ({
    httpGet: { path, port: HTTP },
    timeoutSeconds: 5,
    ...seconds,
  });
  return container({
    name: 'renderer',
    image: mirrored(env.settings, env.settings.images.renderer),
    command: ['node'],
    args: ['/renderer/program/start.cjs', '/renderer/program', '/renderer/run'],
    env: [
      fromSecret('RENDERER_KEY', secretKey(env, KEY)),
      literal('RENDERER_PORT', String(RENDERER.port)),
      literal('RENDERER_CONCURRENCY', String(concurrency)),
    ],
    ports: [{ name: 'http', containerPort: RENDERER.port, protocol: 'TCP' }],
    startupProbe: probe('/live', { periodSeconds: 2, failureThreshold: 60 }),
    readinessProbe: probe('/ready', { periodSeconds: 5, failureThreshold: 3 }),
    livenessProbe: probe('/live', { periodSeconds: 20, failureThreshold: 6 }),
    ...amountsFor(concurrency),
    volumeMounts: [
      { name: 'program', mountPath: '/renderer/program', readOnly: true },
      { name: 'run', mountPath: '/renderer/run' },
    ],
  });
}

/** For each render what the kernel lets one take (docs/explanation/renderer.md), and a process that waits for its turn. */
function amountsFor(concurrency: number): { requests: Amounts; limits: Amounts } {
  return {
    requests: { cpu: `${50 * concurrency}m`, memory: mebibytes(128 + 64 * concurrency), 'ephemeral-storage': '64Mi' },
    limits: {
      cpu: concurrency % 2 === 0 ? String(concurrency / 2) : `${500 * concurrency}m`,
      memory: mebibytes(256 + 512 * concurrency),
      'ephemeral-storage': '256Mi',
    },
  };
}

/** As the API server writes it, so that nothing is seen as changed. */
function mebibytes(count: number): string {
  return count % 1024 === 0 ? `${count / 1024}Gi` : `${count}Mi`;
}

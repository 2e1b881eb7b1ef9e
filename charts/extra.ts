import type { Environment } from '../config/environment';
import type { Document } from './documents';
import { NAME } from './metadata';
import { type Stage, stages } from './stages';

/**
 * The user's own objects for a stage, as their files have them and with what every object of an environment has:
 * namespace, labels, annotations, and a wave unless they have one. What they say themselves of their name, component and
 * wave counts.
 */
export function extraObjects(env: Environment, stage: Stage): Document[] {
  if (stage !== 'extra' && stage !== 'extraWorkloads') return [];
  return env.extra.filter(({ object }) => stageOf(object) === stage).map(({ object }) => placed(env, object, stage));
}

/** Label of the pods that such objects make, by which a policy finds them: no selector of ours or theirs has it. */
export const EXTRA_LABEL = 'hexclave.dev/extra';

/** Whether any of the objects makes pods. */
export function hasExtraPods(env: Environment): boolean {
  return env.extra.some(({ object }: Document) => object.kind === 'Pod' || templateOf(object) !== undefined);
}

/** What runs or is reached waits for the rest; everything else may be what the rest needs, such as a SecretStore. */
function stageOf({ kind }: Document): Stage {
  return LATE.has(kind) ? 'extraWorkloads' : 'extra';
}

const LATE: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Service',
  'Ingress',
  'Route',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'HorizontalPodAutoscaler',
  'VerticalPodAutoscaler',
  'PodDisruptionBudget',
  'ServiceMonitor',
  'PodMonitor',
  'PrometheusRule',
]);

function placed(env: Environment, object: Document, stage: Stage): Document {
  const copy = structuredClone(object);
  const { name, namespace: _, labels, annotations, ...rest } = copy.metadata;
  const metadata = {
    name,
    namespace: env.namespace,
    labels: {
      'app.kubernetes.io/name': NAME,
      ...env.settings.labels,
      ...labels,
      'app.kubernetes.io/instance': env.name,
      'app.kubernetes.io/part-of': NAME,
      'app.kubernetes.io/managed-by': 'cdk8s-hexclave',
    },
    annotations: {
      ...env.settings.annotations,
      'argocd.argoproj.io/sync-wave': String(stages[stage].wave),
      'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
      ...annotations,
    },
    ...rest,
  };
  const { apiVersion, kind, ...content } = copy;
  const result = { apiVersion, kind, ...content, metadata };
  const pods = podMetadataOf(result);
  if (pods) pods.labels = { ...pods.labels, [EXTRA_LABEL]: env.name };
  return { apiVersion, kind, metadata, ...result };
}

function podMetadataOf(object: Document): Document | undefined {
  if (object.kind === 'Pod') return object.metadata;
  const template = templateOf(object);
  if (template) template.metadata ??= {};
  return template?.metadata;
}

function templateOf({ kind, spec }: Document): Document | undefined {
  const template = kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template;
  return Array.isArray(template?.spec?.containers) ? template : undefined;
}

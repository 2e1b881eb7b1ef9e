import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../config/environment';
import { type Component, labels, NAME, selectorLabels } from './metadata';

/** CPU, memory and node disk of a container, as Kubernetes quantities. */
export interface Amounts {
  readonly cpu: string | number;
  readonly memory: string | number;
  readonly 'ephemeral-storage': string | number;
}

export interface ContainerProps extends Omit<k8s.Container, 'resources' | 'securityContext' | 'imagePullPolicy'> {
  readonly image: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export interface PodProps {
  readonly component: Component;
  /** Numeric user and group of every container; the image's user by name would be refused by runAsNonRoot. */
  readonly user: number;
  readonly containers: k8s.Container[];
  /** @default - none */
  readonly initContainers?: k8s.Container[];
  /** @default - none */
  readonly volumes?: k8s.Volume[];
  /** @default - none besides the environment's */
  readonly annotations?: Record<string, string>;
  /** Further fields of the pod's spec. */
  readonly spec?: Partial<k8s.PodSpec>;
}

/**
 * The one way a container is made here, so that a new one cannot forget the hardening: Pod Security `restricted`,
 * read-only root, nothing added back.
 */
export function container(props: ContainerProps): k8s.Container {
  const { requests, limits, ...rest } = props;
  return {
    ...rest,
    // A node must be able to restart a pod while the registry is away; tags that move are refused by a rule.
    imagePullPolicy: 'IfNotPresent',
    resources: { requests: quantities(requests), limits: quantities(limits) },
    securityContext: HARDENING,
  };
}

/** Of every container, whoever brings it. */
export const HARDENING = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies k8s.SecurityContext;

/** Rather on different nodes, as far as there are several: a hard rule stops a rollout on a small cluster. */
export function apart(env: Environment, component: Component): k8s.Affinity {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: selectorLabels(env, component) },
  };
  return {
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] },
  };
}

/** The one way a pod is made here: no token, no service links, the environment's scheduling and pull secrets. */
export function podTemplate(env: Environment, props: PodProps): k8s.PodTemplateSpec {
  const { settings } = env;
  return {
    metadata: {
      labels: labels(env, props.component),
      annotations: entries({ ...settings.annotations, ...props.annotations }),
    },
    spec: {
      serviceAccountName: NAME,
      automountServiceAccountToken: false,
      // A Service called "backend" would otherwise set BACKEND_PORT to tcp://… (docs/explanation/server.md#starting).
      enableServiceLinks: false,
      imagePullSecrets: some(settings.imagePullSecrets.map((name) => ({ name }))),
      nodeSelector: entries(settings.nodeSelector),
      tolerations: some(settings.tolerations),
      securityContext: {
        runAsNonRoot: true,
        ...identity(env, props.user),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...props.spec,
      initContainers: props.initContainers,
      containers: props.containers,
      volumes: props.volumes,
    },
  };
}

/** OpenShift gives every namespace users and groups of its own and refuses a pod that asks for others. */
function identity(env: Environment, user: number): k8s.PodSecurityContext {
  if (env.settings.platform === 'openshift') return {};
  return { runAsUser: user, runAsGroup: user, fsGroup: user, fsGroupChangePolicy: 'OnRootMismatch' };
}

function quantities(amounts: Amounts): Record<string, k8s.Quantity> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(String(amount))]),
  );
}

function some<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}

function entries(map: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

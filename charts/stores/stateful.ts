import { createHash } from 'node:crypto';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { type Component, metadata, selectorLabels } from '../metadata';
import { podTemplate } from '../pod';
import { secretsDigest } from '../release';

/** A user that no image has, so that it shares a number with nobody on the node; the volume belongs to its group. */
export const STORE_USER = 10001;

/** Name of the volume that holds the data. */
export const DATA = 'data';

export interface StatefulStoreProps {
  readonly component: Component;
  /** Of the StatefulSet and its Service; clients use it as the host. */
  readonly name: string;
  /** Why it is for evaluation only; on every object of it. */
  readonly evaluation: string;
  /** @default - none */
  readonly initContainers?: k8s.Container[];
  readonly container: k8s.Container;
  /** Volumes besides the data. */
  readonly volumes: k8s.Volume[];
  /** Size of the volume with the data. @default - there is none, and what the pod writes goes with it */
  readonly size?: string | number;
  /** @default - the cluster's default class */
  readonly storageClassName?: string;
  readonly terminationGracePeriodSeconds: number;
  /** Files for the pod, by name: a ConfigMap of the store's name. A change of them starts a new pod. @default - none */
  readonly files?: Record<string, string>;
  /** The secrets it takes over at every start; a change of them starts a new pod. @default - none */
  readonly secrets?: readonly string[];
}

/**
 * One pod, its volume, and the headless Service that names it. A StatefulSet and not a Deployment: two pods must never
 * write to the same volume, and its volume outlives it.
 */
export function statefulStore(scope: Construct, env: Environment, props: StatefulStoreProps): void {
  const { component, name, evaluation } = props;
  const about = { name, stage: 'stores', component, annotations: { 'hexclave.dev/evaluation': evaluation } } as const;
  const selector = selectorLabels(env, component);
  if (props.files) {
    new k8s.KubeConfigMap(scope, `${name}-files`, { metadata: metadata(env, about), data: props.files });
  }
  new k8s.KubeService(scope, `${name}-service`, {
    metadata: metadata(env, about),
    spec: {
      clusterIp: 'None',
      selector,
      ports: (props.container.ports ?? []).map(({ name: port, containerPort }) => ({
        name: port,
        port: containerPort,
        targetPort: k8s.IntOrString.fromString(port!),
        protocol: 'TCP',
      })),
    },
  });
  new k8s.KubeStatefulSet(scope, name, {
    metadata: metadata(env, about),
    spec: {
      serviceName: name,
      replicas: 1,
      revisionHistoryLimit: 5,
      selector: { matchLabels: selector },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: podTemplate(env, {
        component,
        user: STORE_USER,
        annotations: {
          'hexclave.dev/evaluation': evaluation,
          ...(props.files ? { 'hexclave.dev/configuration': digest(props.files) } : {}),
          ...(props.secrets ? { 'hexclave.dev/secrets': secretsDigest(env, props.secrets) } : {}),
        },
        spec: {
          terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
          priorityClassName: env.settings.priorityClassName,
        },
        initContainers: props.initContainers,
        containers: [props.container],
        volumes: props.volumes,
      }),
      volumeClaimTemplates:
        props.size === undefined ? undefined : [claim(selector, props.size, props.storageClassName)],
    },
  });
}

function claim(
  labels: Record<string, string>,
  size: string | number,
  storageClassName: string | undefined,
): k8s.KubePersistentVolumeClaimProps {
  return {
    // Nothing of the user's in here: Kubernetes refuses every later change of a claim template.
    metadata: { name: DATA, labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName,
      resources: { requests: { storage: k8s.Quantity.fromString(String(size)) } },
    },
  };
}

function digest(files: Record<string, string>): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 32);
}

import type { Environment } from '../config/environment';
import { podSettings } from '../config/pods';
import type { PodGroup, PodSettings, Sidecar } from '../config/settings/pods';
import { containersOf, type Document, podTemplatesOf } from './documents';
import { mirrored } from './images';
import { HARDENING } from './pod';
import { serviceAccountName } from './service-account';

/**
 * Puts what `pods` says into the pods of an object, after cdk8s has made it: the classes of cdk8s-plus know the fields of
 * one version of Kubernetes and drop others without a word.
 */
export function withPodSettings(env: Environment, document: Document): void {
  if (Object.keys(env.settings.pods).length === 0) return;
  if (document.kind === 'Cluster') {
    putIntoCluster(document, podSettings(env.settings, 'stores'));
    return;
  }
  for (const template of podTemplatesOf(document)) {
    const group = groupOf(template.metadata?.labels?.['app.kubernetes.io/component']);
    putIntoTemplate(env, template, podSettings(env.settings, group), serviceAccountName(env, group));
  }
}

/** What of `pods` goes into the pods of a component: for the ids of Jobs, whose content cannot change. */
export function podExtras(env: Environment, component: string): unknown[] {
  const settings = podSettings(env.settings, groupOf(component));
  if (Object.keys(settings).length === 0) return [];
  return [[settings, serviceAccountName(env, groupOf(component))]];
}

function groupOf(component: string | undefined): PodGroup {
  return OWN_GROUP.find((group) => group === component) ?? 'stores';
}

const OWN_GROUP = ['server', 'migration', 'maintenance', 'renderer', 'backup'] as const;

function putIntoTemplate(env: Environment, template: Document, settings: PodSettings, account: string): void {
  const { metadata, spec } = template;
  const { sidecars = [], volumes = [], volumeMounts = [], serviceAccount, affinity } = settings;
  over(metadata, 'annotations', settings.annotations);
  // Not over ours, which selectors go by; the schema refuses their names.
  over(metadata, 'labels', settings.labels);
  over(spec, 'nodeSelector', settings.nodeSelector);
  over(spec, 'affinity', affinity);
  over(spec, 'dnsConfig', settings.dnsConfig);
  append(spec, 'tolerations', settings.tolerations);
  append(spec, 'hostAliases', settings.hostAliases);
  for (const field of ['priorityClassName', 'runtimeClassName', 'dnsPolicy'] as const) {
    if (settings[field] !== undefined) spec[field] = settings[field];
  }
  spec.serviceAccountName = account;
  const token = serviceAccount?.token ?? [];
  for (const container of containersOf(template)) append(container, 'volumeMounts', volumeMounts);
  // In front of ours, for the gate and the migration talk to databases through them.
  if (sidecars.length > 0) {
    spec.initContainers = [...sidecars.map((item) => sidecar(env, item)), ...(spec.initContainers ?? [])];
  }
  append(spec, 'volumes', token.length > 0 ? [...volumes, TOKEN_VOLUME] : volumes);
  for (const container of containersOf(template)) {
    if (token.includes(container.name)) append(container, 'volumeMounts', [TOKEN_MOUNT]);
  }
}

function putIntoCluster({ spec }: Document, settings: PodSettings): void {
  const inherited: Record<string, Document> = { ...spec.inheritedMetadata };
  over(inherited, 'labels', settings.labels);
  over(inherited, 'annotations', settings.annotations);
  if (Object.keys(inherited).length > 0) spec.inheritedMetadata = inherited;
  over(spec.affinity, 'nodeSelector', settings.nodeSelector);
  append(spec.affinity, 'tolerations', settings.tolerations);
  if (settings.priorityClassName) spec.priorityClassName = settings.priorityClassName;
  const annotations = settings.serviceAccount?.annotations;
  if (annotations) spec.serviceAccountTemplate = { metadata: { annotations } };
}

/** A native sidecar: an init container that goes on running, and that no Job waits for. */
function sidecar(env: Environment, { image, resources, securityContext, ...rest }: Sidecar): Document {
  const { requests, limits } = (resources ?? {}) as Record<'requests' | 'limits', Record<string, unknown> | undefined>;
  return {
    ...rest,
    image: mirrored(env.settings, image),
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: 'Always',
    resources: {
      ...resources,
      requests: { cpu: '10m', memory: '32Mi', 'ephemeral-storage': '16Mi', ...requests },
      limits: { cpu: '500m', memory: '256Mi', 'ephemeral-storage': '256Mi', ...limits },
    },
    securityContext: { ...HARDENING, ...securityContext },
  };
}

/** What the kubelet itself would mount into every container, for those alone that ask. */
const TOKEN_VOLUME = {
  name: 'service-account',
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
    ],
  },
};
const TOKEN_MOUNT = {
  name: TOKEN_VOLUME.name,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
};

function over(target: Document, field: string, values: object | undefined): void {
  if (values !== undefined) target[field] = { ...target[field], ...values };
}

function append(target: Document, field: string, items: readonly unknown[] | undefined): void {
  if (items && items.length > 0) target[field] = [...(target[field] ?? []), ...items];
}

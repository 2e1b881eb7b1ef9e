import type { Issue, Rule } from '../draft';
import type { ExtraObject } from '../extra';
import { holdsCredential } from '../secrets/credential';
import { namespaceOf } from '../secrets/names';
import { textsOf } from './texts';

/** The user's own objects in `extra/`. */
export const extra: readonly Rule[] = [
  {
    id: 'extra-object',
    severity: 'error',
    summary: 'An object in extra/ lacks its apiVersion, kind or name.',
    *check(draft) {
      for (const item of draft.extra) {
        const { apiVersion, kind, metadata } = item.object as Partial<Manifest>;
        const missing = Object.entries({ apiVersion, kind, 'metadata.name': metadata?.name })
          .filter(([, value]) => typeof value !== 'string' || value === '')
          .map(([name]) => name);
        if (kind === 'List' || kind?.toString().endsWith('List')) {
          yield at(item, 'A list of objects would get no namespace and no labels.', 'Write its items one by one.');
        } else if (missing.length > 0) {
          yield at(item, `The object has no ${missing.join(' and no ')}.`, 'Add it.');
        }
      }
    },
  },
  {
    id: 'extra-namespace',
    severity: 'error',
    summary: 'An object in extra/ is for another namespace, or for none.',
    *check(draft) {
      const own = namespaceOf(draft.name, draft.settings);
      for (const item of draft.extra) {
        const { kind, metadata } = item.object as Partial<Manifest>;
        if (isClusterWide(kind)) {
          const message = `A ${kind} is the whole cluster’s: two environments that bring it would overwrite each other’s.`;
          yield at(item, message, 'Apply it with what you set the cluster up with.');
        } else if (metadata?.namespace !== undefined && metadata.namespace !== own) {
          const message = `The object is for another namespace than the environment, which has ${own}.`;
          yield at(item, message, 'Leave metadata.namespace out: objects in extra/ go into the environment’s own.');
        }
      }
    },
  },
  {
    id: 'extra-secret',
    severity: 'error',
    summary: 'A Secret in extra/ has its values in clear, or another object holds a credential.',
    *check(draft) {
      for (const item of draft.extra) {
        const { kind, data, stringData, sops } = item.object as Partial<Manifest>;
        if (sops) continue;
        if (kind === 'Secret' && Object.keys({ ...data, ...stringData }).length > 0) {
          const fix =
            'Use one of the ways in docs/explanation/secrets.md, such as an ExternalSecret or a SealedSecret here.';
          yield at(item, 'The file and what is made of it are committed, and whoever has them has the values.', fix);
        } else if (textsOf(item.object).some(holdsCredential)) {
          const fix = 'Put it into a Secret that is not kept here, and change the value if the file was ever pushed.';
          yield at(item, 'It holds a password, a token or a private key (it is not shown), and is committed.', fix);
        }
      }
    },
  },
  {
    id: 'extra-pod-security',
    severity: 'error',
    summary: 'Pods of an object in extra/ are none that the namespace admits.',
    *check(draft) {
      if (!draft.settings.namespace.create) return;
      for (const item of draft.extra) {
        const lacking = unrestricted(podSpecOf(item.object as Manifest));
        if (lacking.length === 0) continue;
        const message = `The namespace enforces Pod Security restricted and would refuse its pods: ${lacking.join(', ')}.`;
        yield at(item, message, 'Add it to the pod or to each of its containers.');
      }
    },
  },
];

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind are walked by path
type Manifest = any;

function at({ file, line, object }: ExtraObject, message: string, fix: string): Issue {
  const { kind, metadata } = object as Partial<Manifest>;
  const names = [kind, metadata?.name];
  const named = names.every((name) => typeof name === 'string' && /^[\w.-]+$/.test(name)) ? names.join('/') : 'extra';
  return { file, line, field: named, severity: 'error', message, fix };
}

/** Kubernetes' own kinds without a namespace, and what others call so by custom: ClusterIssuer, ClusterSecretStore. */
function isClusterWide(kind: unknown): boolean {
  return typeof kind === 'string' && (CLUSTER_WIDE.has(kind) || /^Cluster[A-Z]/.test(kind));
}

const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'VolumeAttachment',
  'CSIDriver',
  'PriorityClass',
  'RuntimeClass',
  'IngressClass',
  'GatewayClass',
  'CustomResourceDefinition',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

function podSpecOf({ kind, spec }: Manifest): Manifest {
  if (kind === 'Pod') return spec;
  return kind === 'CronJob' ? spec?.jobTemplate?.spec?.template?.spec : spec?.template?.spec;
}

/** What Pod Security's `restricted` asks for and the pod does not have. */
function unrestricted(spec: Manifest): string[] {
  if (!Array.isArray(spec?.containers)) return [];
  const lacking = new Set<string>();
  const pod = spec.securityContext ?? {};
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[field]) lacking.add(`no ${field}`);
  for (const { securityContext: own = {} } of [...(spec.initContainers ?? []), ...spec.containers]) {
    if (own.allowPrivilegeEscalation !== false) lacking.add('allowPrivilegeEscalation: false');
    if (own.privileged) lacking.add('no privileged container');
    if (!own.capabilities?.drop?.includes('ALL')) lacking.add('capabilities: { drop: [ALL] }');
    if ((own.runAsNonRoot ?? pod.runAsNonRoot) !== true) lacking.add('runAsNonRoot: true');
    const profile = (own.seccompProfile ?? pod.seccompProfile)?.type;
    if (profile !== 'RuntimeDefault' && profile !== 'Localhost')
      lacking.add('seccompProfile: { type: RuntimeDefault }');
  }
  return [...lacking];
}

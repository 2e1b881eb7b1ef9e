import { podTemplatesOf } from '../../charts/documents';
import type { Field } from './fields';
import type { State } from './states';

/** What it means that an object changes. In the order in which people want to know. */
export const consequences = {
  refused: {
    title: 'Refused by Kubernetes',
    means: 'The apply would end with an error, and this object would stay as it is.',
  },
  migrates: {
    title: 'Runs migrations',
    means: 'A Job of a new release. New pods wait in their gate until it is done; the old ones serve until then.',
  },
  rolls: { title: 'Rolls pods', means: 'Its pods are replaced, one after the other.' },
  scales: { title: 'Changes the number of pods', means: 'Pods are added or taken away; the others stay.' },
  now: { title: 'Takes effect at once', means: 'No pod restarts.' },
  nextRun: { title: 'Takes effect at the next run', means: 'A run that is going on ends as it began.' },
  readByRolling: { title: 'Read by the pods that roll', means: 'Pods that start after the apply have it.' },
  unread: {
    title: 'No effect until it is read anew',
    means: 'Pods have read it at their start, and none of those that read it restarts.',
  },
  controller: {
    title: 'A controller acts on it',
    means: 'What comes of it is for the controller to decide; its object says how far it is.',
  },
  labels: { title: 'Labels and annotations alone', means: 'Nothing restarts and nothing works otherwise.' },
  fresh: { title: 'New objects', means: 'They are not in the cluster yet.' },
  left: {
    title: 'No longer in the manifests',
    means: 'An apply leaves them as they are; Argo CD and Flux delete them when they prune.',
  },
  unseen: {
    title: 'Not compared',
    means: 'Only the controller that opens it knows what it would become.',
  },
} as const;

export type Consequence = keyof typeof consequences;

/** An object with the fields that an apply would change. */
export interface Changed extends State {
  readonly fields: readonly Field[];
}

/** The consequence of a change; undefined when nothing changes. `rolling` tells of an object that pods of workloads read whether one of those rolls. */
export function consequenceOf(changed: Changed, rolling: (changed: Changed) => boolean): Consequence | undefined {
  return rules.find(([, fits]) => fits(changed, rolling))?.[0];
}

/** Whether the pods of a workload are replaced. */
export function rolls({ wanted, live, fields }: Changed): boolean {
  return (
    live !== undefined && WORKLOADS.has(wanted.kind) && fields.some(({ path }) => path.startsWith('spec.template'))
  );
}

type Fits = (changed: Changed, rolling: (changed: Changed) => boolean) => boolean;

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
/** Of these something in the cluster makes other objects. */
const CONTROLLED =
  /^(SealedSecret|ExternalSecret|Certificate|Cluster|ClickHouseInstallation|ObjectStore|ScheduledBackup|Pooler)$/;

/** The first that fits. */
const rules: readonly (readonly [Consequence, Fits])[] = [
  ['refused', ({ refusal }) => refusal !== undefined],
  ['unseen', ({ wanted }) => wanted.sops !== undefined],
  ['migrates', ({ wanted, live }) => !live && isMigration(wanted)],
  ['fresh', ({ live }) => !live],
  ['rolls', rolls],
  ['labels', ({ fields }) => fields.length > 0 && fields.every(({ path }) => path.startsWith('metadata.'))],
  ['scales', ({ wanted, fields }) => WORKLOADS.has(wanted.kind) && fields.some(({ path }) => path === 'spec.replicas')],
  ['nextRun', ({ wanted, fields }) => wanted.kind === 'CronJob' && fields.length > 0],
  ['controller', ({ wanted, fields }) => CONTROLLED.test(wanted.kind) && fields.length > 0],
  ['readByRolling', (changed, rolling) => isRead(changed) && rolling(changed)],
  ['unread', isRead],
  ['now', ({ fields }) => fields.length > 0],
];

function isMigration({ kind, metadata }: Changed['wanted']): boolean {
  return kind === 'Job' && metadata.labels?.['app.kubernetes.io/component'] === 'migration';
}

function isRead({ wanted, fields }: Changed): boolean {
  return /^(ConfigMap|Secret)$/.test(wanted.kind) && fields.length > 0;
}

/** Which keys of an object the pods of a workload read: all, some, or none. */
export function keysReadBy(
  workload: Changed['wanted'],
  { kind, metadata: { name } }: Changed['wanted'],
): 'all' | ReadonlySet<string> {
  const [env, key, volume] =
    kind === 'Secret'
      ? (['secretRef', 'secretKeyRef', 'secret'] as const)
      : (['configMapRef', 'configMapKeyRef', 'configMap'] as const);
  const keys = new Set<string>();
  for (const { spec } of podTemplatesOf(workload)) {
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      if (container.envFrom?.some((from: Record<string, { name: string }>) => from[env]?.name === name)) return 'all';
      for (const { valueFrom } of container.env ?? [])
        if (valueFrom?.[key]?.name === name) keys.add(valueFrom[key].key);
    }
    for (const item of spec.volumes ?? []) {
      const source = item[volume];
      if (!source || (source.secretName ?? source.name) !== name) continue;
      if (!source.items) return 'all';
      for (const { key } of source.items) keys.add(key);
    }
  }
  return keys;
}

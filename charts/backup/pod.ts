import { k8s } from 'cdk8s-plus-28';
import type { Environment } from '../../config/environment';
import { BACKUP_URL } from '../../config/secrets/names';
import { mirrored, postgresImage, serverImage } from '../images';
import { NAME } from '../metadata';
import { type Amounts, container, podTemplate } from '../pod';
import { scripts } from '../scripts';
import { SERVER_USER, trustedCertificates } from '../server-pod';
import { fromSecret, literal, proxyVariables, verbatim } from '../variables';

/** The volume that backups go to where there is no bucket, and its claim. */
export const REPOSITORY = `${NAME}-backup`;

/** Where a pod of ours has what it works with: restic, its cache, what one container leaves for the next. */
const WORK = '/var/run/backup';
const work: k8s.VolumeMount = { name: 'backup-work', mountPath: WORK };

const SMALL: { requests: Amounts; limits: Amounts } = {
  requests: { cpu: '10m', memory: '32Mi', 'ephemeral-storage': '64Mi' },
  limits: { cpu: '500m', memory: '128Mi', 'ephemeral-storage': '256Mi' },
};

/** Puts restic beside PostgreSQL's programs: no image has both. */
export function programs(env: Environment): k8s.Container {
  const certificates = trustedCertificates(env);
  return container({
    name: 'backup-programs',
    image: mirrored(env.settings, env.settings.images.restic),
    command: ['/bin/sh', '-c', verbatim(scripts.backupPrograms)],
    env: [literal('WORK', WORK), literal('CA_BUNDLE', certificates.variables.NODE_EXTRA_CA_CERTS ?? '')],
    ...SMALL,
    volumeMounts: [work, ...certificates.mounts],
  });
}

/** Tells the containers behind it which migrations the server's image has. */
export function migrations(env: Environment): k8s.Container {
  return container({
    name: 'backup-migrations',
    image: serverImage(env.settings),
    command: ['/bin/bash', '-c', verbatim(scripts.backupMigrations), 'backup-migrations'],
    args: [`${WORK}/migrations`],
    env: [literal('BACKEND_DIR', '/app/apps/backend')],
    ...SMALL,
    volumeMounts: [work],
  });
}

export interface BackupContainerProps {
  readonly name: string;
  /** What it runs, of `container/`. */
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Node disk. @default - backup.resources */
  readonly disk?: string | number;
  /** Mounts besides. @default - none */
  readonly mounts?: k8s.VolumeMount[];
  /** The database's URL. @default - it needs none */
  readonly database?: k8s.EnvVar;
}

/** A container with the programs of PostgreSQL and restic, and with what opens the repository. */
export function backupContainer(env: Environment, props: BackupContainerProps): k8s.Container {
  const { resources } = env.settings.backup!;
  const { keys, bucket } = env.backup!;
  const certificates = trustedCertificates(env);
  const secrets = Object.entries(SECRETS).filter(([, variable]) => keys[variable]);
  const common = {
    WORK,
    ENVIRONMENT: env.name,
    WAIT_SECONDS: '300',
    REACH_SECONDS: '60',
    ...repository(env),
    ...(env.settings.caBundle ? { PGSSLROOTCERT: certificates.variables.NODE_EXTRA_CA_CERTS! } : {}),
  };
  return container({
    name: props.name,
    image: clientImage(env),
    command: ['/bin/bash', '-c', verbatim(props.script)],
    env: [
      ...Object.entries({ ...common, ...props.variables }).map(([name, value]) => literal(name, value)),
      ...secrets.map(([name, variable]) => fromSecret(name, keys[variable]!)),
      ...(props.database ? [props.database] : []),
      ...(bucket && !bucket.private ? proxyVariables(env).filter(({ name }) => name.endsWith('_PROXY')) : []),
    ],
    requests: resources.requests,
    limits: { ...resources.limits, 'ephemeral-storage': props.disk ?? resources.limits['ephemeral-storage'] },
    volumeMounts: [
      work,
      ...(bucket ? [] : [{ name: 'backup-repository', mountPath: PATH }]),
      ...(props.mounts ?? []),
      ...certificates.mounts,
    ],
  });
}

/** The pod of a Job of backups: restic is put beside PostgreSQL's programs, then one container does the work. */
export function backupPod(
  env: Environment,
  props: {
    readonly work: k8s.Container;
    /** Between restic's arrival and the work. @default - none */
    readonly before?: readonly k8s.Container[];
    /** Node disk of the work. @default - backup.resources.limits */
    readonly disk?: string | number;
    /** What the work mounts besides. @default - none */
    readonly volumes?: readonly k8s.Volume[];
  },
): k8s.PodTemplateSpec {
  return podTemplate(env, {
    component: 'backup',
    user: SERVER_USER,
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 30 },
    initContainers: [programs(env), ...(props.before ?? [])],
    containers: [props.work],
    volumes: [...backupVolumes(env, props.disk), ...(props.volumes ?? []), ...trustedCertificates(env).volumes],
  });
}

/** What those containers mount, but for the certificates, which other containers of the pod may mount too. */
export function backupVolumes(
  env: Environment,
  disk = env.settings.backup!.resources.limits['ephemeral-storage'],
): k8s.Volume[] {
  return [
    { name: 'backup-work', emptyDir: { sizeLimit: k8s.Quantity.fromString(String(disk)) } },
    ...(env.backup!.bucket
      ? []
      : [{ name: 'backup-repository', persistentVolumeClaim: { claimName: REPOSITORY } } satisfies k8s.Volume]),
  ];
}

/** The URL that backups are taken with. */
export function readingDatabase(env: Environment): k8s.EnvVar {
  return fromSecret('DATABASE_URL', env.backup!.keys[BACKUP_URL]!);
}

const PATH = '/repository';

const SECRETS: Readonly<Record<string, string>> = {
  RESTIC_PASSWORD: 'BACKUP_PASSWORD',
  AWS_ACCESS_KEY_ID: 'BACKUP_S3_ACCESS_KEY_ID',
  AWS_SECRET_ACCESS_KEY: 'BACKUP_S3_SECRET_ACCESS_KEY',
};

function repository(env: Environment): Record<string, string> {
  const { to } = env.settings.backup!;
  if (!('bucket' in to)) return { RESTIC_REPOSITORY: `${PATH}/restic` };
  const endpoint = (to.endpoint ?? `https://s3.${to.region}.amazonaws.com`).replace(/\/$/, '');
  return {
    RESTIC_REPOSITORY: `s3:${endpoint}/${to.bucket}/${to.prefix ?? `hexclave/${env.name}`}`,
    AWS_DEFAULT_REGION: to.region,
  };
}

/** Of the database's major version where that is known; the newest client reads every older server. */
function clientImage(env: Environment): string {
  const { postgres } = env.settings.stores;
  return postgresImage(env.settings, postgres.mode === 'external' ? 18 : postgres.version);
}

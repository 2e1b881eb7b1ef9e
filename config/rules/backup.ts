import { backupVariables, bucketEndpoint } from '../backup';
import { contract } from '../contract';
import type { Draft, Rule } from '../draft';
import { isContainerHost, isLoopback } from '../hosts';
import { parseUrl } from '../parse-url';
import { podSettings } from '../pods';
import { SEAWEEDFS } from '../stores/seaweedfs';
import { absent, known, secretPlace, withLine, withSetting, withVariable } from './read';

/** Backups: whether they can be made, read and outlive what they are of. */
export const backup: readonly Rule[] = [
  {
    id: 'backup-secret-missing',
    severity: 'error',
    summary: 'Backups have no password, or no key for their bucket.',
    *check(draft) {
      for (const name of backupVariables(draft)) {
        if (!absent(draft, name)) continue;
        const password = name === 'BACKUP_PASSWORD';
        yield withVariable(
          draft,
          name,
          'error',
          password
            ? 'Backups are encrypted, and there is no password to do it with.'
            : 'Backups go to a bucket, and there is no key for it.',
          password
            ? made(draft)
            : `Write the bucket’s key into ${secretPlace(draft)}; it should open this bucket alone. With an identity of the cloud in its place: pods.backup.serviceAccount.`,
        );
      }
    },
  },
  {
    id: 'backup-secret-unused',
    severity: 'warning',
    summary: 'A variable of backups without backups, or of their bucket where there is none.',
    *check(draft) {
      const { settings } = draft;
      const bucket = settings.backup && 'bucket' in settings.backup.to;
      for (const { name, scope, when } of contract) {
        const item = draft.values.get(name) ?? draft.references.get(name);
        if (scope !== 'backup' || !item || ('value' in item && item.value === '')) continue;
        if (when === 'backup' ? settings.backup : bucket) continue;
        yield withLine(
          item,
          'warning',
          `The variable is only used with ${when}.`,
          'Remove it, or set backup: docs/how-to/backup.md',
        );
      }
    },
  },
  {
    id: 'backup-public-bucket',
    severity: 'depends',
    summary: 'Backups go into a bucket that the server uses; one of its two is open to everybody.',
    *check(draft) {
      const { backup: settings } = draft.settings;
      if (!settings || !('bucket' in settings.to)) return;
      const endpoint = bucketEndpoint(draft.settings)?.host;
      const servers = known(draft, 'STACK_S3_ENDPOINT');
      // Another store may have a bucket of the same name.
      if (servers !== undefined && parseUrl(servers)?.host !== endpoint) return;
      const { bucket } = settings.to;
      if (bucket === known(draft, 'STACK_S3_BUCKET')) {
        yield withSetting(
          draft,
          'backup.to.bucket',
          'error',
          'This is the bucket that the server shows to everybody (STACK_S3_BUCKET): whoever finds the files there has the encrypted database.',
          'Give backups a bucket of their own, with a key of its own.',
        );
      } else if (bucket === known(draft, 'STACK_S3_PRIVATE_BUCKET')) {
        yield withSetting(
          draft,
          'backup.to.bucket',
          'warning',
          'This is the server’s own bucket (STACK_S3_PRIVATE_BUCKET): whoever gets hold of the server’s key can delete the backups.',
          'Give backups a bucket of their own, with a key of its own.',
        );
      }
    },
  },
  {
    id: 'backup-beside-data',
    severity: 'warning',
    summary: 'Backups are kept in the namespace, and are lost with it.',
    *check(draft) {
      const { settings } = draft;
      if (!settings.backup || settings.purpose === 'evaluation') return;
      const volume = 'volume' in settings.backup.to;
      if (!volume && !isStore(draft)) return;
      yield withSetting(
        draft,
        volume ? 'backup.to.volume' : 'backup.to.endpoint',
        'warning',
        `The backups are ${volume ? 'on a volume' : 'in SeaweedFS'} in the namespace: what takes the namespace, the cluster or its storage away takes them along.`,
        'Use a bucket somewhere else: backup.to: { bucket, endpoint, region }. Or copy the volume away, and accept this finding with that reason.',
      );
    },
  },
  {
    id: 'backup-out-of-reach',
    severity: 'error',
    summary: 'The bucket’s endpoint is the own machine, which in a pod is the pod itself.',
    *check(draft) {
      const host = bucketEndpoint(draft.settings)?.hostname;
      if (host === undefined || !(isContainerHost(host) || isLoopback(host))) return;
      if (isLoopback(host) && podSettings(draft.settings, 'backup').sidecars?.length) return;
      yield withSetting(
        draft,
        'backup.to.endpoint',
        'error',
        'In a pod this host is the pod itself, or nothing: no backup would get there.',
        'Write a host outside, or the full name of a Service, such as http://minio.storage.svc:9000',
      );
    },
  },
  {
    id: 'backup-before-without',
    severity: 'error',
    summary: 'The migration Job is to take a backup, and nothing says where to.',
    *check(draft) {
      if (draft.settings.migration.backup !== 'before' || draft.settings.backup) return;
      yield withSetting(
        draft,
        'migration.backup',
        'error',
        'The migration Job is to take a backup first, and nothing says where it goes.',
        'Set backup, for instance backup: { to: { bucket: …, endpoint: …, region: … } }, or remove this line.',
      );
    },
  },
];

/** SeaweedFS in the namespace. */
function isStore({ settings }: Draft): boolean {
  return bucketEndpoint(settings)?.hostname.split('.')[0] === SEAWEEDFS.name;
}

/** How the password comes to be. */
function made(draft: Draft): string {
  const { mode } = draft.settings.secrets;
  const keep = 'Keep a copy outside of the cluster: npx cdk8s-hexclave keys --escrow says of what.';
  if (mode === 'existing' || mode === 'external-secrets') {
    return `Add it to ${secretPlace(draft)}, with what this prints: openssl rand -hex 32. ${keep}`;
  }
  const seal = mode === 'env-file' ? '' : ` && npx cdk8s-hexclave seal ${draft.name}`;
  return `Run: npx cdk8s-hexclave init ${draft.name}${seal}. ${keep}`;
}

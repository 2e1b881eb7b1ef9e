import { contract } from './contract';
import type { Draft } from './draft';
import type { BackupSecrets, Endpoint, SecretKey } from './environment';
import { isInternal } from './hosts';
import { parseUrl } from './parse-url';
import { podSettings } from './pods';
import { known, present } from './rules/read';
import { BACKUP_SECRET, BACKUP_URL } from './secrets/names';
import type { Settings } from './settings';

const PASSWORD = 'BACKUP_PASSWORD';
const BUCKET_KEY = ['BACKUP_S3_ACCESS_KEY_ID', 'BACKUP_S3_SECRET_ACCESS_KEY'] as const;

/** Whether migration Jobs take a backup first. */
export function backsUpBefore({ backup, migration }: Settings): boolean {
  return backup !== undefined && (migration.backup ?? 'before') === 'before';
}

/** URL of the store that the bucket is in; undefined with a volume. */
export function bucketEndpoint({ backup }: Pick<Settings, 'backup'>): URL | undefined {
  if (!backup || !('bucket' in backup.to)) return undefined;
  const { endpoint, region } = backup.to;
  return parseUrl(endpoint ?? `https://s3.${region}.amazonaws.com`);
}

/** The same, as network policies see it. */
export function bucketDestination(settings: Pick<Settings, 'backup'>): Endpoint | undefined {
  const url = bucketEndpoint(settings);
  if (!url) return undefined;
  return { port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80), private: isInternal(url.hostname) };
}

/** The variables that backups cannot do without. An identity of the cloud stands in for the key of a bucket. */
export function backupVariables(draft: Draft): string[] {
  const { settings } = draft;
  if (!settings.backup) return [];
  const identity = podSettings(settings, 'backup').serviceAccount !== undefined;
  const withKey = 'bucket' in settings.backup.to && !(identity && BUCKET_KEY.every((name) => !present(draft, name)));
  return [PASSWORD, ...(withKey ? BUCKET_KEY : [])];
}

/**
 * Where backups find their secrets.
 *
 * @param database where the URL of the database is that the migration uses
 * @param given whether the values stand in the files
 */
export function backupSecrets(draft: Draft, database: SecretKey, given: boolean): BackupSecrets | undefined {
  const { settings, references } = draft;
  if (!settings.backup) return undefined;
  const at = (name: string): SecretKey => {
    const reference = references.get(name);
    return reference ? { secret: reference.secret, key: reference.key } : { secret: BACKUP_SECRET, key: name };
  };
  const own = contract
    .filter(({ name, scope }) => scope === 'backup' && !references.has(name) && present(draft, name))
    .map(({ name }) => name)
    .sort();
  const values = own.flatMap((name) => {
    const value = known(draft, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    keys: {
      ...Object.fromEntries(backupVariables(draft).map((name) => [name, at(name)])),
      [BACKUP_URL]: present(draft, BACKUP_URL) ? at(BACKUP_URL) : database,
    },
    names: settings.secrets.mode === 'existing' ? undefined : own,
    values: given ? Object.fromEntries(values) : undefined,
    bucket: bucketDestination(settings),
  };
}

import type { Environment } from '../../config/environment';
import { MIGRATION_URL } from '../../config/secrets/names';

/** The values to encrypt, by variable, sorted. Empty ones are left out: the server takes them for unset. */
export function valuesToSeal({ secrets, migrationDatabaseUrl, backup }: Environment): Map<string, string> {
  const all = Object.entries({
    ...secrets,
    ...backup?.values,
    ...(migrationDatabaseUrl ? { [MIGRATION_URL]: migrationDatabaseUrl } : {}),
  });
  return new Map(all.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

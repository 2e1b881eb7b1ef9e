import { backupSecrets } from './backup';
import { variable } from './contract';
import type { Draft } from './draft';
import { endpoints, internalHosts } from './endpoints';
import type { Environment } from './environment';
import { absent, present } from './rules/read';
import { belongsInSecret } from './secrets/credential';
import { fingerprints } from './secrets/fingerprint';
import { MIGRATION_SECRET, MIGRATION_URL, namespaceOf, SECRET_NAME, secretOf } from './secrets/names';

/** Turns a draft that has no errors into the frozen value the charts read: every variable in the place where it belongs. */
export function resolve(draft: Draft): Environment {
  const { settings } = draft;
  const found = { config: [], secrets: [], literals: [] } as Record<Home, [name: string, value: string][]>;
  for (const name of [...draft.values.keys()].sort()) {
    const item = draft.values.get(name)!;
    if (!isServers(name) || draft.references.has(name)) continue;
    const home = variable(name)?.template ? 'literals' : belongsInSecret(item) ? 'secrets' : 'config';
    found[home].push([name, item.value]);
  }
  // An assignment to the key __proto__ would be lost.
  const config = Object.fromEntries(found.config);
  const secrets = Object.fromEntries(found.secrets);
  const literals = Object.fromEntries(found.literals);
  const given = settings.secrets.mode === 'env-file' || draft.sealing;
  const migrationUrl = draft.references.has(MIGRATION_URL)
    ? undefined
    : draft.values.get(MIGRATION_URL)?.value || undefined;
  const secretName = settings.secrets.mode === 'existing' ? settings.secrets.name : SECRET_NAME;
  const reference = draft.references.get(DATABASE);
  const database = reference ? { secret: reference.secret, key: reference.key } : { secret: secretName, key: DATABASE };
  return deepFreeze({
    name: draft.name,
    namespace: namespaceOf(draft.name, settings),
    settings,
    hosts: {
      api: host(draft, 'NEXT_PUBLIC_STACK_API_URL'),
      dashboard: host(draft, 'NEXT_PUBLIC_STACK_DASHBOARD_URL'),
    },
    config,
    secrets: given ? secrets : undefined,
    secretNames: draft.held && sorted([...draft.held.keys(), ...Object.keys(secrets)].filter(isServers)),
    fingerprints: Object.fromEntries(
      marks(draft, migrationUrl ? { ...secrets, [MIGRATION_URL]: migrationUrl } : secrets),
    ),
    sealed: draft.sealed && Object.fromEntries([...draft.sealed].map(([name, { ciphertext }]) => [name, ciphertext])),
    encrypted:
      draft.encrypted &&
      Object.fromEntries([...draft.encrypted].map(([name, { data, sops }]) => [name, { data, sops }])),
    secretName,
    references: Object.fromEntries(
      [...draft.references.values()]
        .filter((item) => isServers(item.name))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((item) => [item.name, { secret: item.secret, key: item.key }]),
    ),
    literals,
    migrationDatabase: migrationDatabase(draft),
    migrationDatabaseUrl: migrationUrl,
    backup: backupSecrets(draft, migrationDatabase(draft) ?? database, given),
    endpoints: {
      server: endpoints(draft, 'server'),
      migration: endpoints(draft, 'migration'),
      backup: endpoints(draft, 'backup'),
    },
    internalHosts: internalHosts(draft),
    extra: draft.extra,
    places: {
      pods: draft.place('pods'),
      patches: settings.patches.map((_, index) => draft.place(`patches.${index}`)),
      accept: settings.accept.map((_, index) => draft.place(`accept.${index}`)),
    },
    qstash: present(draft, 'STACK_QSTASH_URL') && !absent(draft, 'STACK_QSTASH_TOKEN'),
  });
}

const DATABASE = 'STACK_DATABASE_CONNECTION_STRING';

type Home = 'config' | 'secrets' | 'literals';

/** The server's pods get it, and not the Job's or the backups' alone. */
function isServers(name: string): boolean {
  return secretOf(name) === SECRET_NAME;
}

/** A keyed hash of every value that is known, and of the others what stands for it in the committed file. */
function marks(draft: Draft, values: Readonly<Record<string, string>>): [string, string][] {
  const held = [...(draft.held ?? [])].flatMap(([name, { mark }]): [string, string][] => (mark ? [[name, mark]] : []));
  return [...held, ...Object.entries(fingerprints(values))].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function host(draft: Draft, name: string): string {
  return new URL(draft.values.get(name)!.value).hostname;
}

function migrationDatabase(draft: Draft): Environment['migrationDatabase'] {
  const reference = draft.references.get(MIGRATION_URL);
  if (reference) return { secret: reference.secret, key: reference.key };
  return present(draft, MIGRATION_URL) && draft.settings.secrets.mode !== 'existing'
    ? { secret: MIGRATION_SECRET, key: MIGRATION_URL }
    : undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

import { variable } from './contract';
import type { Draft } from './draft';
import type { Endpoint, Environment } from './environment';
import { isInternal } from './hosts';
import { parseUrl } from './parse-url';
import { absent, present } from './rules/read';
import { belongsInSecret } from './secrets/credential';
import { fingerprints } from './secrets/fingerprint';
import { MIGRATION_SECRET, MIGRATION_URL, namespaceOf, SECRET_NAME } from './secrets/names';
import { POSTGRES } from './stores/postgres';

/** Turns a draft that has no errors into the frozen value the charts read: every variable in the place where it belongs. */
export function resolve(draft: Draft): Environment {
  const { settings } = draft;
  const config: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const literals: Record<string, string> = {};
  for (const name of [...draft.values.keys()].sort()) {
    const item = draft.values.get(name)!;
    if (name === MIGRATION_URL || draft.references.has(name)) continue;
    if (variable(name)?.template) literals[name] = item.value;
    else if (belongsInSecret(item)) secrets[name] = item.value;
    else config[name] = item.value;
  }
  const given = settings.secrets.mode === 'env-file' || draft.sealing;
  const migrationUrl = draft.references.has(MIGRATION_URL)
    ? undefined
    : draft.values.get(MIGRATION_URL)?.value || undefined;
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
    secretName: settings.secrets.mode === 'existing' ? settings.secrets.name : SECRET_NAME,
    references: Object.fromEntries(
      [...draft.references.values()]
        .filter((item) => item.name !== MIGRATION_URL)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((item) => [item.name, { secret: item.secret, key: item.key }]),
    ),
    literals,
    migrationDatabase: migrationDatabase(draft),
    migrationDatabaseUrl: migrationUrl,
    endpoints: {
      databases: databaseEndpoints(draft, [
        'STACK_DATABASE_CONNECTION_STRING',
        'STACK_DATABASE_REPLICA_CONNECTION_STRING',
      ]),
      migration: databaseEndpoints(draft, [
        present(draft, MIGRATION_URL) ? MIGRATION_URL : 'STACK_DATABASE_CONNECTION_STRING',
      ]),
      clickhouse: endpoints(draft, ['STACK_CLICKHOUSE_URL']),
      services: [
        ...smtp(draft),
        ...endpoints(draft, [
          'STACK_S3_ENDPOINT',
          'STACK_QSTASH_URL',
          'STACK_FREESTYLE_API_ENDPOINT',
          'OTEL_EXPORTER_OTLP_ENDPOINT',
          'STACK_AWS_KMS_ENDPOINT',
        ]),
      ],
      webhooks: endpoints(draft, ['STACK_SVIX_SERVER_URL']),
    },
    qstash: present(draft, 'STACK_QSTASH_URL') && !absent(draft, 'STACK_QSTASH_TOKEN'),
  });
}

function isServers(name: string): boolean {
  return name !== MIGRATION_URL;
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

/** Ports of databases; the stated port stands in for every URL whose value is not known here. */
function databaseEndpoints(draft: Draft, names: readonly [string, ...string[]]): Endpoint[] {
  const { postgres } = draft.settings.stores;
  const elsewhere = names.filter((name) => draft.references.get(name)?.derived !== true);
  const external = postgres.mode === 'external';
  const unknown = external && !draft.values.has(names[0]);
  // The URL of a store in the namespace leads to its pods, which a rule of their own names, wherever the URL is kept.
  const hidden = (name: string) => draft.references.has(name) || (external && draft.held?.has(name));
  const stated = unknown || elsewhere.some(hidden);
  const port = external ? postgres.port : POSTGRES.port;
  return unique([...endpoints(draft, names), ...(stated ? [{ port, private: true }] : [])]);
}

function smtp(draft: Draft): Endpoint[] {
  const item = draft.values.get('STACK_EMAIL_PORT');
  const port = item?.source === 'derived' ? Number.NaN : Number(item?.value);
  const server = draft.values.get('STACK_EMAIL_HOST')?.value;
  return Number.isInteger(port) && port > 0 && server ? [{ port, private: isInternal(server) }] : [];
}

/** Endpoints outside: to a store in the namespace the policies point by its pods' labels, not by an address. */
function endpoints(draft: Draft, names: readonly string[]): Endpoint[] {
  return unique(
    names.flatMap((name) => {
      const item = draft.references.has(name) ? undefined : draft.values.get(name);
      const url = item && item.source !== 'derived' ? parseUrl(item.value) : undefined;
      if (!url) return [];
      const port = Number(url.port) || DEFAULT_PORT[url.protocol];
      return port ? [{ port, private: isInternal(url.hostname) }] : [];
    }),
  );
}

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443, 'postgres:': 5432, 'postgresql:': 5432 };

function unique(list: readonly Endpoint[]): Endpoint[] {
  const seen = new Map(list.map((item) => [`${item.port}/${item.private}`, item]));
  return [...seen.values()].sort((a, b) => a.port - b.port || Number(a.private) - Number(b.private));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

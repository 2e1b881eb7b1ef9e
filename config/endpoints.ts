import { backsUpBefore, bucketDestination } from './backup';
import { variable } from './contract';
import type { Draft } from './draft';
import type { Endpoint, Environment } from './environment';
import { isInternal } from './hosts';
import { hostIn } from './locate';
import { parseUrl } from './parse-url';
import { absent, known, present } from './rules/read';
import { BACKUP_URL, MIGRATION_URL } from './secrets/names';
import { POSTGRES } from './stores/postgres';

/** Pods that call something outside the namespace. */
export type Client = keyof Environment['endpoints'];

/** A variable that says where something is that the pods call. */
export interface Destination {
  readonly name: string;
  /** The variable that holds the port, where `name` holds a host. @default - `name` holds a URL */
  readonly port?: string;
  readonly clients: readonly Client[];
  /** Called with Node's own fetch, which goes through a proxy; other clients open connections of their own. @default - not */
  readonly byFetch?: true;
}

const DATABASE = 'STACK_DATABASE_CONNECTION_STRING';

/** Everything that the pods call at an address of the configuration. */
export const destinations: readonly Destination[] = [
  { name: DATABASE, clients: ['server', 'migration', 'backup'] },
  { name: 'STACK_DATABASE_REPLICA_CONNECTION_STRING', clients: ['server'] },
  { name: MIGRATION_URL, clients: ['migration', 'backup'] },
  { name: BACKUP_URL, clients: ['backup', 'migration'] },
  { name: 'STACK_CLICKHOUSE_URL', clients: ['server', 'migration'] },
  { name: 'STACK_EMAIL_HOST', port: 'STACK_EMAIL_PORT', clients: ['server'] },
  { name: 'STACK_S3_ENDPOINT', clients: ['server'] },
  // The seed tells of the user it creates.
  { name: 'STACK_SVIX_SERVER_URL', clients: ['server', 'migration'], byFetch: true },
  { name: 'STACK_QSTASH_URL', clients: ['server'], byFetch: true },
  { name: 'STACK_FREESTYLE_API_ENDPOINT', clients: ['server'], byFetch: true },
  { name: 'STACK_AWS_KMS_ENDPOINT', clients: ['server'] },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', clients: ['server'] },
];

/** Where a client has to get to; to a store in the namespace the policies point by its pods' labels, not by an address. */
export function endpoints(draft: Draft, client: Client): Endpoint[] {
  const { settings } = draft;
  if (client === 'backup' && !settings.backup) return [];
  const instead = client !== 'server' && present(draft, MIGRATION_URL) ? DATABASE : undefined;
  const called = destinations.filter(({ name, clients }) => clients.includes(client) && name !== instead);
  const bucket =
    client === 'backup' || (client === 'migration' && backsUpBefore(settings))
      ? bucketDestination(settings)
      : undefined;
  const found = [
    ...(bucket ? [bucket] : []),
    ...called.flatMap((item) => [
      ...(item.port === undefined ? fromUrl(draft, item.name) : fromHost(draft, item.name, item.port)).filter(
        (endpoint) => endpoint.private || !item.byFetch || !settings.proxy,
      ),
      ...(isDatabase(item) ? stated(draft, item.name) : []),
    ]),
  ];
  const unique = new Map(found.map((item) => [`${item.port}/${item.private}`, item]));
  return [...unique.values()].sort((a, b) => a.port - b.port || Number(a.private) - Number(b.private));
}

/** Hosts that no proxy of the company can know, and that are not the pod itself. */
export function internalHosts(draft: Draft): string[] {
  const hosts = destinations.flatMap(({ name }) => {
    const value = known(draft, name);
    const host = value === undefined ? undefined : hostIn(variable(name)!.kind, value);
    return host && isInternal(host) ? [host.replace(/^\[|\]$/g, '')] : [];
  });
  return [...new Set(hosts)].sort();
}

/** The variables that ports are read from, but for those that a store sets and those of databases, which are stated. */
export function portVariables(draft: Draft): string[] {
  return destinations
    .filter((item) => !isDatabase(item))
    .map(({ name, port }) => port ?? name)
    .filter((name) => !draft.provisions.some(({ variables }) => Object.hasOwn(variables, name)));
}

function isDatabase({ name }: Destination): boolean {
  return variable(name)?.kind === 'postgres-url';
}

function fromUrl(draft: Draft, name: string): Endpoint[] {
  const value = written(draft, name) ?? '';
  const url = parseUrl(value);
  const { kind } = variable(name)!;
  // node-pg takes host and port of the query before those in front of it.
  const stated = kind === 'postgres-url' ? url?.searchParams.getAll('port').at(-1) : undefined;
  const port = url && (Number(stated || url.port) || DEFAULT_PORT[url.protocol]);
  return port ? [{ port, private: isInternal(hostIn(kind, value) ?? url.hostname) }] : [];
}

function fromHost(draft: Draft, name: string, portName: string): Endpoint[] {
  const port = Number(written(draft, portName));
  if (!Number.isInteger(port) || port <= 0 || absent(draft, name)) return [];
  const host = known(draft, name);
  return [{ port, private: host === undefined || isInternal(host) }];
}

/** The stated port stands in for every database URL whose value is not known here. */
function stated(draft: Draft, name: string): Endpoint[] {
  const { postgres } = draft.settings.stores;
  const external = postgres.mode === 'external';
  const reference = draft.references.get(name);
  // The URL of a store in the namespace leads to its pods, which a rule of their own names, wherever the URL is kept.
  const unread = reference
    ? reference.derived !== true
    : external && (draft.held?.has(name) === true || (name === DATABASE && !draft.values.has(name)));
  if (!unread) return [];
  const port = external ? postgres.port : POSTGRES.port;
  // Beside a pooler, whose port is the stated one, the migration has a URL of its own to get past it.
  const ports = name === MIGRATION_URL ? [port, DEFAULT_PORT['postgresql:']!] : [port];
  return ports.map((number) => ({ port: number, private: true }));
}

/** A known value that no store in the namespace has set. */
function written(draft: Draft, name: string): string | undefined {
  return draft.values.get(name)?.source === 'derived' ? undefined : known(draft, name);
}

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443, 'postgres:': 5432, 'postgresql:': 5432 };

import type { Draft } from '../draft';
import { parseUrl } from '../parse-url';
import { knownUrl } from './read';
import { misread, undecodable, unparsable } from './url-parts';

/** The PostgreSQL URLs that are known and usable. */
export function databaseUrls(draft: Draft): [string, URL][] {
  const found: [string, URL][] = [];
  for (const name of NAMES) {
    const url = knownUrl(draft, name);
    if (url && !brokenUrl(draft.values.get(name)!.value)) found.push([name, url]);
  }
  return found;
}

/** What makes a URL unusable, without a word of it. */
export function brokenUrl(value: string): { message: string; fix: string } | undefined {
  const form = 'Write postgresql://user:password@host:5432/database.';
  if (!/^postgres(ql)?:\/\//.test(value)) return { message: 'This is not a PostgreSQL URL.', fix: form };
  const authority = value.slice(value.indexOf('//') + 2).split(/[/?#]/)[0]!;
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return {
      message: 'The URL names several hosts; the server parses it as an ordinary URL and knows one.',
      fix: form,
    };
  }
  const problem = misread(value) ?? unparsable(value) ?? undecodable(value);
  if (problem) return problem;
  const url = parseUrl(value)!;
  if (url.hash !== '') {
    return {
      message: 'A # in the name of the database or behind it ends the URL early.',
      fix: 'Write it as %23, or remove what follows.',
    };
  }
  if (url.hostname === '') return { message: 'The URL names no host, and there is no socket in the pod.', fix: form };
  if (isSocket(url)) {
    return { message: 'The URL names a Unix socket as its host, and there is no socket in the pod.', fix: form };
  }
  if (url.pathname.length < 2) {
    return {
      message: 'The URL names no database; the driver would take the one that is called like the user.',
      fix: form,
    };
  }
  return undefined;
}

/** node-pg takes a path in place of a host for a socket; of several `host` parameters the last one counts. */
function isSocket(url: URL): boolean {
  const host = url.searchParams.getAll('host').at(-1) || url.hostname;
  return host.startsWith('/') || /^%2f/i.test(host);
}

/** Parameters of a URL that the server's driver does not know. */
export function ignoredParameters(url: URL): string[] {
  return IGNORED.filter((key) => url.searchParams.has(key));
}

/** Parameters of libpq and of Prisma's own engine; node-pg has neither. */
const IGNORED = [
  'connect_timeout',
  'target_session_attrs',
  'channel_binding',
  'gssencmode',
  'sslcrl',
  'sslsni',
  'keepalives',
  'keepalives_idle',
  'passfile',
  'service',
  'hostaddr',
  'load_balance_hosts',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
  'statement_cache_size',
  'socket_timeout',
  'sslaccept',
  'sslidentity',
];

const NAMES = [
  'STACK_DATABASE_CONNECTION_STRING',
  'STACK_DATABASE_REPLICA_CONNECTION_STRING',
  'MIGRATION_DATABASE_CONNECTION_STRING',
];

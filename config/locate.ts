import { LOCATIONS } from './contract/kinds';
import type { Kind } from './contract/variable';
import { parseUrl } from './parse-url';

/** The host in a value that says where something is, as resolvers see it; undefined when it holds none. */
export function hostIn(kind: Kind, value: string): string | undefined {
  if (!LOCATIONS.has(kind)) return undefined;
  // An address of one number or of six groups is read as what it stands for, whatever the scheme.
  const host = kind === 'host' ? bracketed(value) : overridden(kind, value);
  return host === undefined || host === '' ? undefined : (parseUrl(`http://${host}`)?.hostname ?? host);
}

function bracketed(host: string): string | undefined {
  if (/^[\da-f:]*:[\da-f:.]*:[\da-f:.]*$/i.test(host)) return `[${host}]`;
  return /[\s/@:?#]/.test(host) ? undefined : host;
}

/** node-pg takes the `host` of the query before the one in front of it. */
function overridden(kind: Kind, value: string): string | undefined {
  const url = parseUrl(value);
  const host = kind === 'postgres-url' ? url?.searchParams.getAll('host').at(-1) : undefined;
  return host ? bracketed(host) : url?.hostname;
}

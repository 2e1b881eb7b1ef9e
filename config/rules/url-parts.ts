import { parseUrl } from '../parse-url';

/** What is wrong with a URL: which part, and never a word of it. */
export interface UrlProblem {
  readonly message: string;
  readonly fix: string;
}

/** What makes a text no http or https URL that the server could call; undefined when nothing does. */
export function brokenHttpUrl(value: string): UrlProblem | undefined {
  if (!/^https?:\/\/[^/]/i.test(value)) {
    return {
      message: 'The server needs an absolute URL here and fails when it calls this one.',
      fix: 'Write a URL that begins with https:// or http://, without quotes or blanks.',
    };
  }
  return misread(value) ?? unparsable(value) ?? undecodable(value);
}

/** The user or the password ends the URL early, so that what follows is taken for host, path or query. */
export function misread(value: string): UrlProblem | undefined {
  const rest = value.slice(value.indexOf('//') + 2);
  const end = /[/?#]|$/.exec(rest)!.index;
  const at = rest.lastIndexOf('@');
  if (at < end) return undefined;
  const authority = rest.slice(0, end);
  const between = rest.slice(end, at);
  // An @ may stand in the value of a query, and in the path of a web address.
  const inQuery = /\?[^@]*=/.test(between) && (authority.includes('@') || parseUrl(value) !== undefined);
  const inPath = /^http/i.test(value) && !authority.includes('@') && parseUrl(value) !== undefined;
  if (inQuery || inPath) return undefined;
  return cutOff(authority.includes(':') ? 'password' : 'user name');
}

/** Why no host can be made out in it. */
export function unparsable(value: string): UrlProblem | undefined {
  if (parseUrl(value)) return undefined;
  const authority = value.slice(value.indexOf('//') + 2).split(/[/?#]/)[0]!;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (/:[^\]]*$/.test(host) && !/:\d{1,4}$/.test(host)) {
    return {
      message: 'What stands behind the host’s colon is no port, so the server cannot connect.',
      fix: `Write a number from 1 to 65535 there. If the colon belongs to a password: ${encoded('password')}`,
    };
  }
  return { message: 'The host is none, so the server cannot connect.', fix: 'Write a DNS name or an address there.' };
}

/**
 * A part that clients fail to decode ("URI malformed"), or that one of them reads otherwise than another: pg encodes the
 * whole URL once more when there is a blank or a lone % in it, and escapes in its other parts are escaped twice then.
 */
export function undecodable(value: string): UrlProblem | undefined {
  const url = parseUrl(value);
  if (!url) return undefined;
  const { username, password, hostname, pathname, search } = url;
  const parts = {
    'user name': username,
    password,
    host: /^https?:/.test(url.protocol) ? '' : hostname,
    [/^postgres/.test(url.protocol) ? 'name of the database' : 'path']: pathname,
    query: search,
  };
  for (const [part, text] of Object.entries(parts)) {
    if (decodes(text)) continue;
    return {
      message: `In the ${part} there is a % that begins no escape, or an escape that is no UTF-8: the client cannot decode it and ends with “URI malformed”, or takes other parts for something else.`,
      fix: encoded(part),
    };
  }
  if (!/\s/.test(value)) return undefined;
  return {
    message: 'There is a blank in the URL, and clients differ in what they make of it.',
    fix: 'Remove it, or write %20 where it belongs into a name or a password.',
  };
}

function cutOff(part: string): UrlProblem {
  return {
    message: `A /, ? or # in the ${part} ends it early, so what follows is taken for the path and the host is misread.`,
    fix: encoded(part),
  };
}

function encoded(part: string): string {
  return `Percent-encode the ${part}: % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23.`;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

import type { Draft, Rule } from '../draft';
import { isContainerHost, isDnsName, isIpAddress, isLoopback } from '../hosts';
import { parseUrl } from '../parse-url';
import { isForwarded } from './reach';
import { known, knownUrl, present, withVariable } from './read';

/** The two public URLs, and what stands in front of them. */
export const urls: readonly Rule[] = [
  {
    id: 'public-url',
    severity: 'error',
    summary: 'A public URL that is more or less than https:// and a host.',
    *check(draft) {
      for (const name of HOSTS) {
        const value = known(draft, name);
        if (value === undefined || isElsewhere(name, draft)) continue;
        for (const message of problems(draft, value)) {
          yield withVariable(draft, name, 'error', message, 'Write https:// and the host, and nothing behind it.');
        }
      }
    },
  },
  {
    id: 'public-url-spelling',
    severity: 'warning',
    summary: 'A public URL is spelt otherwise than browsers spell it.',
    *check(draft) {
      for (const name of HOSTS) {
        const value = known(draft, name);
        if (value === undefined || problems(draft, value).length > 0 || value === parseUrl(value)?.origin) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'The server compares the URL letter by letter, and browsers write hosts in lower case and leave port 443 out.',
          'Write the host in lower case, without :443 and in its ASCII form.',
        );
      }
    },
  },
  {
    id: 'public-url-port',
    severity: 'warning',
    summary: 'A public URL has a port that the Ingress or route does not serve.',
    *check(draft) {
      if (draft.settings.edge.type === 'none') return;
      for (const name of HOSTS) {
        if (!knownUrl(draft, name)?.port || isElsewhere(name, draft)) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'Neither an Ingress nor a route has ports of its own: the controller has to listen on this one.',
          'Leave the port out, or make sure that the controller listens there.',
        );
      }
    },
  },
  {
    id: 'public-host-name',
    severity: 'error',
    summary: 'A public URL has a host that an Ingress or a certificate cannot be for.',
    *check(draft) {
      if (draft.settings.edge.type === 'none') return;
      for (const name of HOSTS) {
        const host = knownUrl(draft, name)?.hostname;
        if (!host || isElsewhere(name, draft) || (host.includes('.') && isDnsName(host) && !isIpAddress(host)))
          continue;
        yield withVariable(
          draft,
          name,
          'error',
          'An Ingress or route needs a full DNS name here; Kubernetes refuses addresses and other characters, and no CA signs a bare name.',
          'Write a DNS name of yours, such as auth.your-company.com.',
        );
      }
    },
  },
  {
    id: 'hosts-equal',
    severity: 'error',
    summary: 'API and dashboard share a host, and the objects for the edge are emitted here.',
    *check(draft) {
      const [api, dashboard] = HOSTS.map((name) => knownUrl(draft, name));
      if (!api || !dashboard || api.hostname !== dashboard.hostname) return;
      // What is not routed here may be told apart by its paths: the API’s are all below /api.
      if (draft.settings.edge.type === 'none') return;
      yield withVariable(
        draft,
        HOSTS[1],
        'error',
        'Both URLs have the same host, and the objects that are emitted here give each all paths of its own.',
        'Give the dashboard a host of its own, or route one host yourself with edge: { type: none } (docs/how-to/https.md#one-host).',
      );
    },
  },
  {
    id: 'trusted-proxy-missing',
    severity: 'warning',
    summary: 'The API URL is https and no trusted proxy is named.',
    *check(draft) {
      if (knownUrl(draft, HOSTS[0])?.protocol !== 'https:') return;
      if (present(draft, 'HEXCLAVE_TRUSTED_PROXY') || present(draft, 'STACK_TRUSTED_PROXY')) return;
      yield withVariable(
        draft,
        'HEXCLAVE_TRUSTED_PROXY',
        'warning',
        'Images since August 2026 refuse to start with an https API URL until they are told which proxy to trust. Older images do not know generic and answer with errors.',
        'For an image since August 2026 add HEXCLAVE_TRUSTED_PROXY=generic, and let the proxy overwrite X-Real-IP, X-Forwarded-Host and X-Forwarded-Proto.',
      );
    },
  },
  {
    id: 'trusted-proxy-generation',
    severity: 'warning',
    summary: 'The old spelling of the trusted proxy has a value that old images do not know.',
    *check(draft) {
      if (known(draft, 'STACK_TRUSTED_PROXY') !== 'generic') return;
      yield withVariable(
        draft,
        'STACK_TRUSTED_PROXY',
        'warning',
        'Images of spring 2026 read this spelling, do not know generic, and answer every browser request with an error.',
        'Write HEXCLAVE_TRUSTED_PROXY=generic, which those images do not read.',
      );
    },
  },
];

const HOSTS = ['NEXT_PUBLIC_STACK_API_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL'] as const;

function problems(draft: Draft, value: string): string[] {
  const url = parseUrl(value);
  if (!url || !/^https?:\/\/[^/]/i.test(value)) {
    return ['This is not an absolute URL: the dashboard does not load and the seed fails on it.'];
  }
  const found: string[] = [];
  if (url.protocol === 'http:' && !isForwarded(draft, url.hostname)) {
    found.push('The URL is http: sign-in cookies are only sent over https, so OAuth sign-in cannot finish.');
  }
  if (url.username !== '' || url.password !== '')
    found.push('The URL carries user or password, and every browser sees it.');
  if (/[?#]/.test(value)) found.push('The URL has a query or fragment, and paths are appended to it.');
  else if (url.pathname !== '/') {
    found.push('The URL has a path: neither API nor dashboard can live below one, and token issuers would be wrong.');
  } else if (value.endsWith('/')) {
    found.push('The URL ends with a slash, so token issuers and OAuth callbacks get two in a row and are refused.');
  }
  return found;
}

/** A host of the own machine is `host-out-of-reach`, which says what to do about all of it at once. */
function isElsewhere(name: string, draft: Draft): boolean {
  const host = knownUrl(draft, name)?.hostname ?? '';
  return (isLoopback(host) || isContainerHost(host)) && !isForwarded(draft, host);
}

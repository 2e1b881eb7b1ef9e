import type { Case } from './case';

const api = (url: string): Case['trips'][number] => ({ config: { NEXT_PUBLIC_STACK_API_URL: url } });

/** The two public URLs, and what stands in front of them. */
export const urls: Readonly<Record<string, Case>> = {
  'public-url': {
    trips: [
      api('http://auth-api.acme.dev'),
      api('https://auth-api.acme.dev/'),
      api('https://acme.dev/auth'),
      api('https://auth-api.acme.dev?x=1'),
      api('https://user@auth-api.acme.dev'),
      api('auth-api.acme.dev'),
      api('"https://auth-api.acme.dev"'),
    ],
    spares: [api('https://auth-api.acme.dev'), api('https://auth-api.acme.dev:8443')],
  },
  'public-url-spelling': {
    trips: [api('https://Auth-Api.acme.dev'), api('https://auth-api.acme.dev:443'), api('https://bücher.acme.dev')],
    spares: [api('https://auth-api.acme.dev:8443'), api('https://auth-api.acme.dev/')],
  },
  'public-url-port': {
    trips: [api('https://auth-api.acme.dev:8443')],
    spares: [{ ...api('https://auth-api.acme.dev:8443'), settings: { edge: { type: 'none' } } }],
  },
  'public-host-name': {
    trips: [
      api('https://192.0.2.7'),
      api('https://[2001:db8::1]'),
      api('https://auth'),
      api('https://my_api.acme.dev'),
    ],
    spares: [{ ...api('https://192.0.2.7'), settings: { edge: { type: 'none' } } }, api('https://a.dev')],
  },
  'hosts-equal': {
    trips: [api('https://auth.acme.dev'), api('https://AUTH.acme.dev:8443')],
    spares: [
      { ...api('https://auth.acme.dev'), settings: { edge: { type: 'none' } } },
      { ...api('https://auth.acme.dev:8443'), settings: { edge: { type: 'none' } } },
    ],
  },
  'trusted-proxy-missing': {
    trips: [{ config: { HEXCLAVE_TRUSTED_PROXY: undefined } }, { config: { HEXCLAVE_TRUSTED_PROXY: '' } }],
    spares: [{ config: { HEXCLAVE_TRUSTED_PROXY: undefined, STACK_TRUSTED_PROXY: 'cloudflare' } }],
  },
  'trusted-proxy-generation': {
    trips: [{ config: { HEXCLAVE_TRUSTED_PROXY: undefined, STACK_TRUSTED_PROXY: 'generic' } }],
    spares: [{ config: { HEXCLAVE_TRUSTED_PROXY: undefined, STACK_TRUSTED_PROXY: 'vercel' } }],
  },
};

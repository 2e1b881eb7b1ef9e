import type { Draft, Rule } from '../draft';
import { isInternal } from '../hosts';
import { podSettings } from '../pods';
import { RENDERER_KEY_PREFIX } from '../stores/renderer';
import { absent, known, present, withSetting, withVariable } from './read';

/** What e-mail needs beyond a mail server. */
export const email: readonly Rule[] = [
  {
    id: 'freestyle-missing',
    severity: 'warning',
    summary: 'E-mail is configured, and nothing renders it.',
    *check(draft) {
      if (isBundled(draft) || !sendsMail(draft) || !absent(draft, KEY)) return;
      yield withVariable(
        draft,
        KEY,
        'warning',
        'Every e-mail is a program that the server has run elsewhere, not only custom ones as the vendor’s guide has it; without a renderer none is sent.',
        `Write stores.renderer.mode: bundled in environment.yaml and run npx cdk8s-hexclave init ${draft.name}, or add the key of a Freestyle account.`,
      );
    },
  },
  {
    id: 'renderer-key-without-endpoint',
    severity: 'error',
    summary: 'The key of a renderer in the namespace, and there is none.',
    *check(draft) {
      if (isBundled(draft) || !known(draft, KEY)?.startsWith(RENDERER_KEY_PREFIX) || present(draft, ENDPOINT)) return;
      yield withVariable(
        draft,
        KEY,
        'error',
        'This key was made for stores.renderer.mode: bundled. Without an endpoint the server takes it to Freestyle, which does not know it, and no e-mail is sent.',
        'Write stores.renderer.mode: bundled, or the key of a Freestyle account in its place.',
      );
    },
  },
  {
    id: 'renderer-endpoint-without-key',
    severity: 'warning',
    summary: 'A renderer of your own, and no key for it.',
    *check(draft) {
      if (isBundled(draft) || !present(draft, ENDPOINT) || !absent(draft, KEY) || sendsMail(draft)) return;
      yield withVariable(
        draft,
        KEY,
        'warning',
        'The server insists on a key before it calls a renderer, whether or not the renderer does; projects with a mail server of their own send nothing.',
        'Add the key; any text will do for a renderer that does not check it.',
      );
    },
  },
  {
    id: 'renderer-key-short',
    severity: 'error',
    summary: 'The key of the renderer in the namespace can be guessed, or is one that the server refuses.',
    *check(draft) {
      const value = known(draft, KEY);
      if (!isBundled(draft) || value === undefined) return;
      if (value !== 'mock_stack_freestyle_key' && /^[\x21-\x7e]{24,}$/.test(value)) return;
      yield withVariable(
        draft,
        KEY,
        'error',
        'The key is what keeps others from having programs run; it has fewer than 24 characters or one that a header cannot carry, or it is the mock key that the server refuses in production.',
        `Remove it and run npx cdk8s-hexclave init ${draft.name}, or write what this prints: openssl rand -hex 32`,
      );
    },
  },
  {
    id: 'sandbox-token-missing',
    severity: 'warning',
    summary: 'E-mail is configured and the second renderer’s token is not.',
    *check(draft) {
      if (isBundled(draft) || !sendsMail(draft) || !absent(draft, TOKEN)) return;
      yield withVariable(
        draft,
        TOKEN,
        'warning',
        'Images of spring 2026 read this token before they render anything, and without it every e-mail stays unrendered.',
        'Add a Vercel token; any other text will do as long as the first renderer works.',
      );
    },
  },
  {
    id: 'bundler-mirror-closed',
    severity: 'error',
    summary: 'The server’s way to the program that it bundles e-mail with leads to an address that it may not reach.',
    *check(draft) {
      const { network } = draft.settings;
      const open = ({ port, pods }: (typeof network.egress)[number]) =>
        port === 443 && (pods?.includes('server') ?? true);
      if (network.allowPrivateEgress || network.egress.some(open)) return;
      for (const { ip, hostnames } of podSettings(draft.settings, 'server').hostAliases ?? []) {
        if (!hostnames.includes(BUNDLER_HOST) || !isInternal(ip)) continue;
        yield withSetting(
          draft,
          draft.settings.pods.server?.hostAliases ? 'pods.server.hostAliases' : 'pods.all.hostAliases',
          'error',
          `For its first e-mail the server downloads a program from ${BUNDLER_HOST}; ${ip} is a private address, and port 443 is open towards the internet alone, so no e-mail is rendered.`,
          `Add { port: 443, cidr: ${ip}/${ip.includes(':') ? 128 : 32}, pods: [server] } to network.egress.`,
        );
      }
    },
  },
  {
    id: 'emailable-missing',
    severity: 'warning',
    summary: 'E-mail is configured, and nothing says whether addresses are checked.',
    *check(draft) {
      if (!sendsMail(draft) || !absent(draft, 'STACK_EMAILABLE_API_KEY')) return;
      yield withVariable(
        draft,
        'STACK_EMAILABLE_API_KEY',
        'warning',
        'Without it every e-mail logs an error, which the server keeps in memory.',
        'Add a key of Emailable, or the word disable_email_validation.',
      );
    },
  },
];

const KEY = 'STACK_FREESTYLE_API_KEY';
const ENDPOINT = 'STACK_FREESTYLE_API_ENDPOINT';
const TOKEN = 'STACK_VERCEL_SANDBOX_TOKEN';

/** Where the server gets esbuild's WebAssembly from, with every new process. */
const BUNDLER_HOST = 'unpkg.com';

function isBundled({ settings }: Draft): boolean {
  return settings.stores.renderer.mode === 'bundled';
}

function sendsMail(draft: Draft): boolean {
  return ['STACK_EMAIL_HOST', 'STACK_EMAIL_PASSWORD', 'STACK_EMAIL_SENDER'].some((name) => present(draft, name));
}

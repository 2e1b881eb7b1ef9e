import { canonicalName, type Kind, variable } from '../contract';
import { kindNames } from '../contract/kinds';
import type { Rule } from '../draft';
import { withSetting } from './read';

/** What External Secrets’ generators make up, which is a random text and nothing else. */
export const generators: readonly Rule[] = [
  {
    id: 'generated-once',
    severity: 'depends',
    summary: 'A generator makes up a value that somebody else issues, or that the server only takes in a certain form.',
    *check(draft) {
      const { secrets } = draft.settings;
      if (secrets.mode !== 'external-secrets') return;
      for (const written of Object.keys(secrets.generators)) {
        const name = canonicalName(written);
        const about = variable(name);
        const isOfStore = draft.provisions.some((provision) => provision.secrets.includes(name));
        if (!about || RANDOM.has(name) || isOfStore) continue;
        const setting = `secrets.generators.${written}`;
        const form = FORMS[name];
        yield form
          ? withSetting(draft, setting, 'warning', form.message, form.fix)
          : withSetting(
              draft,
              setting,
              'error',
              `A password generator makes up a random text, and ${ANY.has(about.kind) ? 'nobody would accept it: this value is what another service issues or expects, or no secret' : `this variable needs another form: ${kindNames[about.kind].replaceAll('`', '')}`}.`,
              'Take it from the store.',
            );
      }
    },
  },
];

/** Kinds whose form a random text may have. */
const ANY: ReadonlySet<Kind> = new Set<Kind>(['token', 'name', 'password', 'text']);

/** Secrets that only have to be random, whatever characters they have and as long as generators make them. */
const RANDOM: ReadonlySet<string> = new Set([
  'CRON_SECRET',
  'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY',
  'STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY',
  'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD',
  'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
]);

/** Secrets that a generator can make if it is told their form. What it was told is in the cluster, not here. */
const FORMS: Readonly<Record<string, { message: string; fix: string }>> = {
  STACK_SERVER_SECRET: {
    message:
      'The server needs 32 bytes in base64url; what a Password generator makes by default, 24 characters with symbols, lets nobody sign in. And the Secret with what was made up is the only copy: without it every session ends for good.',
    fix: 'Take it from the store; or give the generator length: 43 and symbols: 0, and back that Secret up.',
  },
  STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY: {
    message:
      'At every start sed writes the key into the dashboard’s scripts, and symbols, which a Password generator uses by default, break the page or the key.',
    fix: 'Give the generator symbols: 0, or take the key from the store.',
  },
};

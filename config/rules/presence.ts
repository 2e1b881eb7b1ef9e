import { contract } from '../contract';
import { oauthProviders } from '../contract/projects';
import type { Rule } from '../draft';
import type { Severity } from '../finding';
import { absent, isProvided, known, present, secretPlace, withVariable } from './read';

/** Variables that have to be there, alone or together. */
export const presence: readonly Rule[] = [
  {
    id: 'required-missing',
    severity: 'error',
    summary: 'A variable without which the server does not work has no value.',
    *check(draft) {
      const { mode } = draft.settings.secrets;
      for (const { name, required, secret, without } of contract) {
        // What a store would set from a secret that is missing is that secret's finding.
        if (!required || present(draft, name) || (draft.held === undefined && secret) || isProvided(draft, name))
          continue;
        const where = secret ? secretPlace(draft) : 'config.env';
        const elsewhere =
          mode === 'existing' && !isHost(name) ? ', or name the Secret that has it in environment.yaml under env' : '';
        yield withVariable(
          draft,
          name,
          'error',
          `The variable is required and has no value. ${without}`,
          `Add it to ${where}${elsewhere}.`,
        );
      }
    },
  },
  {
    id: 'host-unknown',
    severity: 'error',
    summary:
      'One of the two public URLs comes from a Secret, so the hosts are not known when the manifests are written.',
    *check(draft) {
      for (const name of HOSTS) {
        if (!draft.references.has(name) && !draft.held?.has(name)) continue;
        yield withVariable(
          draft,
          name,
          'error',
          'The Ingress takes its host from this URL, and a value in a Secret cannot be read here.',
          'Write the URL into config.env; it is no secret.',
        );
      }
    },
  },
  {
    id: 'half-configured',
    severity: 'depends',
    summary: 'Of variables that only work together, some are set and some are not.',
    *check(draft) {
      for (const { severity, names, harm } of TOGETHER) {
        const missing = names.filter((name) => absent(draft, name));
        if (missing.length === 0 || missing.length === names.length) continue;
        yield withVariable(
          draft,
          missing[0]!,
          severity,
          `${names.filter((name) => !missing.includes(name)).join(', ')} cannot work without ${missing.join(', ')}. ${harm}`,
          `Set ${missing.join(', ')} as well, or remove the others.`,
        );
      }
    },
  },
  {
    id: 'admin-incomplete',
    severity: 'warning',
    summary: 'The first administrator has an e-mail address or a password, but not both.',
    *check(draft) {
      const missing = [ADMIN_EMAIL, ADMIN_PASSWORD].filter((name) => absent(draft, name));
      if (missing.length !== 1) return;
      yield withVariable(
        draft,
        missing[0]!,
        'warning',
        'The seed creates an administrator only from an e-mail address and a password together, and says nothing otherwise.',
        `Set ${missing[0]} as well, or remove its counterpart.`,
      );
    },
  },
  {
    id: 'admin-missing',
    severity: 'warning',
    summary: 'Nothing gives anyone access to the dashboard of a new installation.',
    *check(draft) {
      const ways = [ADMIN_EMAIL, ADMIN_PASSWORD, 'STACK_SEED_INTERNAL_PROJECT_USER_GITHUB_ID'];
      if (!ways.every((name) => absent(draft, name))) return;
      if (known(draft, 'STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED') === 'true') return;
      yield withVariable(
        draft,
        ADMIN_EMAIL,
        'warning',
        'On a new database the seed creates no administrator and sign-up is closed, so nobody can sign in to the dashboard.',
        `Set ${ADMIN_EMAIL} and ${ADMIN_PASSWORD}; on an installation that has an administrator this can stay.`,
      );
    },
  },
];

const HOSTS = ['NEXT_PUBLIC_STACK_API_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL'];
const ADMIN_EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const ADMIN_PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';

/**
 * What is of use only together (docs/explanation/server.md#variables). An error where the half does damage, a warning
 * where it merely does nothing.
 */
const TOGETHER: readonly { severity: Severity; names: readonly string[]; harm: string }[] = [
  {
    severity: 'error',
    names: ['HOST', 'PORT', 'USERNAME', 'PASSWORD', 'SENDER'].map((part) => `STACK_EMAIL_${part}`),
    harm: 'Queued e-mail would be claimed and given up after 20 minutes.',
  },
  {
    severity: 'error',
    names: ['URL', 'TOKEN', 'CURRENT_SIGNING_KEY', 'NEXT_SIGNING_KEY'].map((part) => `STACK_QSTASH_${part}`),
    harm: 'The poller would claim work that is never done, and log an error for it twenty times a second.',
  },
  {
    severity: 'warning',
    names: ['ENDPOINT', 'REGION', 'BUCKET', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY'].map((part) => `STACK_S3_${part}`),
    harm: 'Storage stays off, and uploading an image fails.',
  },
  {
    severity: 'warning',
    names: ['STACK_STRIPE_SECRET_KEY', 'STACK_STRIPE_WEBHOOK_SECRET', 'NEXT_PUBLIC_STACK_STRIPE_PUBLISHABLE_KEY'],
    harm: 'Payments fail at one step or another.',
  },
  {
    severity: 'warning',
    names: ['STACK_AWS_ACCESS_KEY_ID', 'STACK_AWS_SECRET_ACCESS_KEY'],
    harm: 'The data vault cannot use the key.',
  },
  ...oauthProviders.map((provider) => ({
    severity: 'warning' as const,
    names: [`STACK_${provider}_CLIENT_ID`, `STACK_${provider}_CLIENT_SECRET`],
    harm: `Sign-in with the shared ${provider.toLowerCase()} app ends in an error.`,
  })),
];

function isHost(name: string): boolean {
  return HOSTS.includes(name);
}

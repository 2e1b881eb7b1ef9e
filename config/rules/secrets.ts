import { contract, variable } from '../contract';
import type { Rule } from '../draft';
import { known, withVariable } from './read';

/** Keys and passwords: strong enough, of the right form, not shared. */
export const secrets: readonly Rule[] = [
  {
    id: 'server-secret-weak',
    severity: 'error',
    summary: 'STACK_SERVER_SECRET is not base64url or has fewer than 32 bytes.',
    *check(draft) {
      const value = known(draft, SERVER_SECRET);
      if (value === undefined) return;
      const bytes = decodedLength(value);
      const fix = `Write what this prints: ${GENERATE}. On an installation with users leave it, for a new value signs everyone out, and write accept: [{ rule: server-secret-weak, reason: … }] into environment.yaml (docs/explanation/secrets.md).`;
      if (bytes === undefined) {
        const message = 'The value is not base64url, so the server cannot decode it and nobody can sign in.';
        yield withVariable(draft, SERVER_SECRET, 'error', message, fix);
      } else if (bytes < 32) {
        const message = 'The value decodes to fewer than 32 bytes, and every signing key is derived from it.';
        yield withVariable(draft, SERVER_SECRET, 'error', message, fix);
      } else if (new Set(value).size < 12) {
        const message = 'The value uses so few different characters that it can be guessed.';
        yield withVariable(draft, SERVER_SECRET, 'error', message, fix);
      }
    },
  },
  {
    id: 'server-secret-form',
    severity: 'warning',
    summary: 'STACK_SERVER_SECRET is in another alphabet than base64url, or longer than 32 bytes.',
    *check(draft) {
      const value = known(draft, SERVER_SECRET);
      const bytes = value === undefined ? undefined : decodedLength(value);
      if (bytes === undefined || bytes < 32 || (bytes === 32 && /^[\w-]+$/.test(value!))) return;
      yield withVariable(
        draft,
        SERVER_SECRET,
        'warning',
        'The vendor means 32 bytes in base64url without padding; this value has another form and works all the same.',
        'Leave it on an installation with users, for a new value signs everyone out. For a new one take 32 bytes in base64url.',
      );
    },
  },
  {
    id: 'admin-password-length',
    severity: 'error',
    summary: 'The first administrator’s password is shorter than 8 or longer than 70 characters.',
    *check(draft) {
      const length = known(draft, ADMIN_PASSWORD)?.length;
      if (length === undefined || (length >= 8 && length <= 70)) return;
      yield withVariable(
        draft,
        ADMIN_PASSWORD,
        'error',
        `The password is too ${length < 8 ? 'short' : 'long'}: the server refuses it after the seed has created the user, who can then never sign in and is skipped by every later seed.`,
        'Use 8 to 70 characters; openssl rand -hex 24 makes 48.',
      );
    },
  },
  {
    id: 'header-secret-characters',
    severity: 'error',
    summary: 'A secret that travels in an HTTP header has characters that no header can carry.',
    *check(draft) {
      for (const name of ['CRON_SECRET', ...SEED_KEYS]) {
        const value = known(draft, name);
        if (value === undefined || HEADER.test(value)) continue;
        yield withVariable(
          draft,
          name,
          'error',
          'The value is sent in an HTTP header and holds white space or a character outside ASCII, so it would arrive changed or not at all.',
          'Write what this prints: openssl rand -hex 32',
        );
      }
    },
  },
  {
    id: 'seed-key-characters',
    severity: 'error',
    summary: 'The publishable key has characters that do not survive being written into the dashboard’s pages.',
    *check(draft) {
      const value = known(draft, SEED_KEYS[0]);
      // White space and the like are the rule above's.
      if (value === undefined || !HEADER.test(value) || /^[\w.~+/=-]+$/.test(value)) return;
      yield withVariable(
        draft,
        SEED_KEYS[0],
        'error',
        'At every start sed writes the key into the dashboard’s scripts, where these characters break the page or the key.',
        'Write what this prints: openssl rand -hex 32',
      );
    },
  },
  {
    id: 'seed-keys-equal',
    severity: 'error',
    summary: 'Two of the internal project’s three keys are the same.',
    *check(draft) {
      for (const [index, name] of SEED_KEYS.entries()) {
        const value = known(draft, name);
        const twin = SEED_KEYS.slice(0, index).find((other) => value !== undefined && known(draft, other) === value);
        if (!twin) continue;
        yield withVariable(
          draft,
          name,
          'error',
          `The key is the same as ${twin}. The publishable one is in every browser, so whoever opens the dashboard could administer it.`,
          'Give each key a value of its own: openssl rand -hex 32',
        );
      }
    },
  },
  {
    id: 'secret-reused',
    severity: 'warning',
    summary: 'Two secrets with different purposes have the same value.',
    *check(draft) {
      for (const [index, name] of OWN_SECRETS.entries()) {
        const value = known(draft, name);
        const twin = OWN_SECRETS.slice(0, index).find((other) => value !== undefined && known(draft, other) === value);
        if (!twin || (isSeedKey(name) && isSeedKey(twin))) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          `The value is the same as that of ${twin}, so whoever learns one of the two has both.`,
          'Give each a value of its own: openssl rand -hex 32',
        );
      }
    },
  },
  {
    id: 'secret-short',
    severity: 'warning',
    summary: 'A secret that machines exchange is short enough to be guessed.',
    *check(draft) {
      for (const name of OWN_SECRETS) {
        const length = known(draft, name)?.length;
        if (length === undefined || length >= 16 || name === SERVER_SECRET || name === ADMIN_PASSWORD) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'The secret has fewer than 16 characters, and whoever can reach the server can try them all.',
          'Write what this prints: openssl rand -hex 32',
        );
      }
    },
  },
  {
    id: 'page-value-characters',
    severity: 'error',
    summary: 'A value for the dashboard’s pages has characters that break them.',
    *check(draft) {
      for (const { name } of contract) {
        const value = name.startsWith('NEXT_PUBLIC_') && !isJsonVariable(name) ? known(draft, name) : undefined;
        if (value === undefined || !/["'`\\\p{Cc}]/u.test(value)) continue;
        yield withVariable(
          draft,
          name,
          'error',
          'At every start the value is written between quotes into the dashboard’s scripts; a quote, a backslash or a line break in it breaks them.',
          'Remove those characters.',
        );
      }
    },
  },
];

const SERVER_SECRET = 'STACK_SERVER_SECRET';
const ADMIN_PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';
const GENERATE = "openssl rand -base64 32 | tr '+/' '-_' | tr -d '='";
const SEED_KEYS = [
  'STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY',
  'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY',
  'STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY',
] as const;

/** Secrets that the operator makes up; those of other services are what they are. */
const OWN_SECRETS: readonly string[] = [
  SERVER_SECRET,
  'CRON_SECRET',
  ...SEED_KEYS,
  ADMIN_PASSWORD,
  'STACK_CLICKHOUSE_ADMIN_PASSWORD',
  'STACK_CLICKHOUSE_EXTERNAL_PASSWORD',
];

const HEADER = /^[\x21-\x7e]+$/;

/** Bytes that base64url, or base64 with or without padding, stands for; undefined when it is neither. */
function decodedLength(value: string): number | undefined {
  const digits = value.replace(/={1,2}$/, '');
  if (!/^([\w-]+|[A-Za-z0-9+/]+)$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Math.floor((digits.length * 3) / 4);
}

function isSeedKey(name: string): boolean {
  return (SEED_KEYS as readonly string[]).includes(name);
}

/** The server reads these; they are never written into scripts. */
function isJsonVariable(name: string): boolean {
  return variable(name)?.kind === 'json';
}

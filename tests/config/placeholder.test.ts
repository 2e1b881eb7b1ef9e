import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contract } from '../../config/contract';
import { judge } from '../../config/rules';
import { placeholder, unreplaced } from '../../config/secrets/placeholder';
import { draft } from '../support/draft';

/** Written together here, so that no scanner takes a line of this file for a secret. */
const join = (...parts: string[]) => parts.join('');

/** What stands in place of secrets in the vendor's guide and templates, and in public compose files, scripts and READMEs. */
const PUBLISHED = [
  'replace-with-a-32-byte-base64url-secret',
  'replace-with-a-long-random-secret',
  'replace-with-a-long-random-password',
  'replace-with-a-random-value',
  'REPLACE_WITH_A_32_BYTE_BASE64URL_SECRET',
  'Replace With A Random Value',
  'replaceWithALongRandomSecret',
  '"replace-with-a-random-value"',
  'REPLACE_ME',
  'REPLACE_ME_WITH_SOMETHING_LONG',
  'CHANGE_THIS',
  'CHANGE_THIS_TO_A_RANDOM_32_CHAR_STRING',
  'CHANGE_THIS_TO_A_SECURE_RANDOM_STRING_AT_LEAST_32_CHARS',
  'changethistoalongrandomsecret',
  'changeme',
  'ChangeMe!',
  'changeme123',
  'change-me-in-production',
  'please-change-this-value',
  'AT_LEAST_32_CHARS_LONG_SECRET_KEY',
  '32_CHARACTER_SECRET_KEY_GOES_HERE',
  'must-be-at-least-32-characters-long!!',
  'random-secret-key-32-bytes-long!',
  'your-secret-here',
  'your_actual_api_key_here',
  'YOUR_FREESTYLE_API_KEY_HERE',
  'your-openrouter-key',
  'YourStrong!Passw0rd',
  'insert_key_here',
  'enter-your-password',
  'put-your-key-here',
  'generate-a-random-string',
  'generate_with_openssl_rand_hex_32',
  'some-random-string',
  'a-very-long-random-string',
  'tu_google_client_secret',
  'not-configured',
  'not-a-real-secret',
  'dev-secret-do-not-use-in-production',
  'this-secret-server-key-is-for-local-development-only',
  '<secret>',
  '<FILL_ME>',
  '<your stripe key>',
  '[your-token]',
  '{{ .Values.secret }}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what compose would have put a value in place of
  '${STACK_SERVER_SECRET}',
  '$(openssl rand -base64 32)',
  '%SECRET%',
  '__SECRET__',
  'Bearer <token>',
  '...',
  '********',
  'TODO',
  'none',
  'xxxxxxxx',
  'XXXX-XXXX-XXXX-XXXX',
  'sk-xxxxxxxxxxxxxxxx',
  're_xxxxxxxxx',
  'a'.repeat(32),
  '0'.repeat(64),
  'abcd'.repeat(8),
  '0123456789abcdef'.repeat(2),
  '1234567890'.repeat(3),
  'abcdefghijklmnopqrstuvwxyz123456',
  '00000000-0000-0000-0000-000000000000',
  '12345678-1234-1234-1234-123456789012',
  'deadbeef'.repeat(4),
  'qwertyuiopasdfghjkl',
  'correct-horse-battery-staple',
  'secret-value',
  'super-secret-key',
  join('super', 'secret', 'password123'),
  join('my', 'secret', 'password'),
  'ThisIsASecretKey',
  'stack-auth-secret',
  join('hexclave_secure_', 'password'),
  join('acme_secure_', 'password'),
  join('pass', 'word'),
  join('Pass', 'word123!'),
  join('P4ss', 'w0rd'),
  'admin',
  'admin123456',
  'postgres',
  'minioadmin',
  'test-secret',
  'insecure-default',
  'example-secret',
  'mock_cron_secret',
  'dummy',
  join('AKIAIOSFODNN7', 'EXAMPLE'),
  join('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'),
];

let drawn = 0;
/** As random as any to look at, and the same in every run: what fails once fails again. */
function randomBytes(length: number): Buffer {
  const block = createHash('sha512').update(`drawn ${drawn++}`).digest();
  return length <= block.length
    ? block.subarray(0, length)
    : Buffer.concat([block, randomBytes(length - block.length)]);
}
function randomInt(from: number, to?: number): number {
  const [least, most] = to === undefined ? [0, from] : [from, to];
  return least + (randomBytes(6).readUIntBE(0, 6) % (most - least));
}
function randomUUID(): string {
  const hex = randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

const pick = (from: string, length: number) => Array.from({ length }, () => from[randomInt(from.length)]).join('');
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const LETTERS = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const SIGNS = `${LETTERS}!@#$%^&*()-_=+[]{}<>?,.;:|~/'"`;
/** Plain words, such as password managers put passphrases together from. */
const WORDS =
  'abacus acorn amber anchor apple arrow autumn badge bamboo banjo basil beacon bishop blossom border bottle bramble breeze bridge bronze cabin cactus candle canyon carbon castle cedar cellar chapel cherry circus clover cobalt comet copper coral cotton cradle crater cricket crystal dagger daisy desert dolphin donkey dragonfly drift eagle ember engine falcon feather fennel fiddle flint forest fossil fountain galaxy garden garlic ginger glacier goblet granite gravel hammer harbor harvest hazel helmet hollow honey horizon hunter island ivory jasmine jungle kettle kitten ladder lagoon lantern lemon lettuce lizard lobster lumber magnet mango maple marble meadow melon mirror mosaic mountain mustard needle nickel nutmeg oasis orbit orchard otter oyster paddle panther parsley pebble pepper picnic pigeon planet plaza pocket prairie pretzel prism pumpkin puzzle quarry quartz rabbit raven ribbon river rocket saddle saffron sailor salmon satin scarlet shadow silver spider spruce summit sunset tambourine temple thimble thunder timber trumpet tulip tunnel turnip umbrella valley velvet violin walnut weasel whisper willow window winter wombat yonder zephyr zipper change sample key open long strong'.split(
    ' ',
  );
const phrase = (count: number, sign: string) =>
  Array.from({ length: count }, () => WORDS[randomInt(WORDS.length)]).join(sign);

const RANDOM: Readonly<Record<string, () => string>> = {
  'openssl rand -hex': () => randomBytes([8, 16, 20, 24, 32, 64][randomInt(6)]!).toString('hex'),
  'openssl rand -base64': () => randomBytes([12, 24, 32, 48][randomInt(4)]!).toString('base64'),
  base64url: () => randomBytes([16, 24, 32, 64][randomInt(4)]!).toString('base64url'),
  UUID: () => randomUUID(),
  'two UUIDs joined': () => `${randomUUID()}${randomUUID()}`,
  'UUID without dashes': () => randomUUID().replaceAll('-', ''),
  'letters and digits': () => pick(LETTERS, randomInt(12, 65)),
  'small letters': () => pick(LOWER, randomInt(12, 41)),
  'small letters and digits, as Heroku has them': () => `p${pick(`${LOWER}${DIGITS}`, 64)}`,
  'letters, digits and signs': () => pick(SIGNS, randomInt(12, 41)),
  digits: () => pick(DIGITS, randomInt(12, 41)),
  'in groups': () => Array.from({ length: 5 }, () => pick(LETTERS, 5)).join('-'),
  'with a prefix': () =>
    `${['re_', 'sk-or-v1-', 'testsk_', 'key_', 'secret_', 'SG.'][randomInt(6)]}${pick(LETTERS, 24)}`,
  'four words with dashes': () => phrase(4, '-'),
  'five words with blanks': () => phrase(5, ' '),
  'three words and a number': () => `${phrase(3, '.')}.${randomInt(1000)}`,
};

describe('placeholder', () => {
  test.each(PUBLISHED)('finds %s', (value) => {
    expect(placeholder(value)).toBeDefined();
  });

  test.each(PUBLISHED.filter((value) => Buffer.from(value).length >= 12))('finds %s in base64', (value) => {
    expect(placeholder(Buffer.from(value).toString('base64'))).toBeDefined();
  });

  test.each(PUBLISHED)('finds %s in capitals, in small letters, in quotes and with other signs between', (value) => {
    // What AWS has in its documentation says so in capitals.
    const cases = /EXAMPLE(KEY)?$/.test(value)
      ? []
      : [value.toUpperCase(), value.toLowerCase(), value.replaceAll('-', '_')];
    for (const other of [...cases, `"${value}"`, `'${value}'`]) expect(placeholder(other), other).toBeDefined();
  });

  test.each(Object.entries(RANDOM))('takes none of its share of 10,000 secrets for one: %s', (_, make) => {
    const wrong = Array.from({ length: Math.ceil(10_000 / Object.keys(RANDOM).length) }, make).filter(
      (value) => placeholder(value) !== undefined,
    );
    expect(wrong).toEqual([]);
  });
});

test.each(
  contract
    .filter(
      ({ secret, kind, owner, name }) =>
        secret && !owner && ['token', 'password', 'base64url'].includes(kind) && name !== 'STACK_VERCEL_SANDBOX_TOKEN',
    )
    .map(({ name }) => name),
)('in %s a placeholder is an error, and a random value is none', (name) => {
  for (const value of ['CHANGE_THIS_TO_A_RANDOM_32_CHAR_STRING', '<secret>', 'x'.repeat(43)]) {
    const found = judge(draft({ secrets: { [name]: value } })).find(({ rule }) => rule === 'sample-value');
    expect(found, value).toMatchObject({ field: name, severity: 'error' });
  }
  const found = judge(draft({ secrets: { [name]: randomBytes(32).toString('base64url') } }));
  expect(found.filter(({ rule }) => rule === 'sample-value')).toEqual([]);
});

test('values that are no secrets are only found when they ask to be replaced', () => {
  for (const value of ['your-bucket', 'changeme', '<region>', 'REPLACE_ME', '...', 'xxx', 'your_client_id']) {
    expect(unreplaced(value), value).toBeDefined();
  }
  for (const value of [
    'postgres',
    'stackframe',
    'default',
    'none',
    'auth',
    'acme-test',
    'us-east-1',
    'admin',
    'local',
    '[]',
    '{}',
    'example',
  ]) {
    expect(unreplaced(value), value).toBeUndefined();
  }
});

test.each(['https://your-domain.com', 'https://auth.yourdomain.com', 'http://YOUR_SERVER_IP:8102', 'https://<host>'])(
  'a host to fill in is found: %s',
  (value) => {
    const found = judge(draft({ config: { NEXT_PUBLIC_STACK_API_URL: value } })).map(({ rule }) => rule);
    expect(found.some((rule) => rule === 'sample-value' || rule === 'public-url')).toBe(true);
  },
);

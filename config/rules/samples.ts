import { looksSecret, variable } from '../contract';
import type { Assignment, Draft, Rule } from '../draft';
import type { Severity } from '../finding';
import { hostIn } from '../locate';
import { type Placeholder, placeholder, unreplaced } from '../secrets/placeholder';
import { known, knownUrl, knownValues, withLine } from './read';

/** Values from somebody’s template that were never replaced. */
export const samples: readonly Rule[] = [
  {
    id: 'sample-value',
    severity: 'depends',
    summary:
      'A value from the vendor’s guide or templates, or a placeholder, that was not replaced: brackets, words that ask for a secret, or one character again and again.',
    *check(draft) {
      for (const item of draft.values.values()) {
        const about = variable(item.name);
        if (known(draft, item.name) === undefined || about?.publicValues?.includes(item.value)) continue;
        const found = item.source === 'derived' ? undefined : judge(draft, item);
        if (!found) continue;
        const secret = about?.secret ?? looksSecret(item.written);
        yield withLine(
          item,
          found.severity,
          MESSAGES[found.what],
          secret ? 'Write a value of your own.' : 'Write the real value, or remove the variable.',
        );
      }
    },
  },
  {
    id: 'example-host',
    severity: 'warning',
    summary: 'A host or address under a domain that is reserved for examples.',
    *check(draft) {
      for (const { item, value } of knownValues(draft)) {
        const text = variable(item.name)!.secret ? (knownUrl(draft, item.name)?.hostname ?? '') : value;
        if (!/(^|[@./])example\.(com|net|org)(?![\w.-])/i.test(text)) continue;
        yield withLine(
          item,
          'warning',
          'example.com and its siblings exist for documentation only: nothing of yours answers there.',
          'Write your own domain.',
        );
      }
    },
  },
];

/**
 * Values of the vendor’s development and emulator files, told by a part that is enough to know them: keys made for
 * localhost, mocks, Svix’s, Turnstile’s and Stripe’s test keys, and the secret of the Docker template.
 */
const VENDOR =
  /^23-wuNpik0|-for-local-development(-only)?$|^vercel_sandbox_disabled_|^PASSWORD-PLACEHOLDER|^mock_|^MOCK$|^local-emulator-|^s3mockroot$|^sk_test_mock|^this-is-a-fake-key$|RzFykseg95SUk$|^[123]x0{20,}[A-Z]{2}$/;

/** Keys that the QStash development server always has. Used beside the server it works, but its callbacks can be forged. */
const QSTASH_DEVELOPMENT = /^sig_(7kYjw48m|5ZB6DVzB)/;

/** Whatever stands in it, images of spring 2026 only want it to be there. */
const ANY_TEXT = 'STACK_VERCEL_SANDBOX_TOKEN';

type Sample = Placeholder | 'vendor' | 'password';

const MESSAGES: Readonly<Record<Sample, string>> = {
  brackets: 'The value is a placeholder from a template: brackets, dots or a name where the real value belongs.',
  words: 'The value is a placeholder from a template: its words ask for the real value.',
  'well-known': 'The value is one that guides and everyone who guesses passwords have, so it protects nothing.',
  pattern: 'The value is a row, or a few characters again and again, and can be guessed.',
  vendor: 'The value is a sample of the vendor’s that everyone can look up, and it protects nothing.',
  password: 'The password in the URL is a placeholder, or one that everyone guesses first.',
};

function judge(draft: Draft, item: Assignment): { severity: Severity; what: Sample } | undefined {
  const listed = variable(item.name);
  const severity = listed ? 'error' : 'warning';
  if (listed && VENDOR.test(item.value)) return { severity, what: 'vendor' };
  if (QSTASH_DEVELOPMENT.test(item.value)) return { severity: 'warning', what: 'vendor' };
  if (item.name === ANY_TEXT) return undefined;
  const what = ofText(item);
  if (what) return { severity, what };
  const password = passwordOf(draft, item.name);
  return password && (placeholder(password) || VENDOR.test(password)) ? { severity, what: 'password' } : undefined;
}

function ofText({ name, written, value }: Assignment): Placeholder | undefined {
  const { secret, kind = 'text' } = variable(name) ?? { secret: looksSecret(written) };
  const host = hostIn(kind, value);
  if (host !== undefined) return host.split('.').map(unreplaced).find(Boolean);
  // A URL, a text in JSON and the id of an account are no random texts, whatever surrounds them.
  const random = secret && !['postgres-url', 'json', 'name'].includes(kind) && !value.includes('://');
  return random ? placeholder(value.replaceAll('%20', ' ')) : unreplaced(value);
}

/** The password in a URL, as the server's driver reads it. */
function passwordOf(draft: Draft, name: string): string | undefined {
  const password = knownUrl(draft, name)?.password;
  try {
    return password === undefined ? undefined : decodeURIComponent(password);
  } catch {
    return password;
  }
}

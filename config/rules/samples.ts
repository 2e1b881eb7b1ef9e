import { looksSecret, variable } from '../contract';
import type { Assignment, Draft, Rule } from '../draft';
import type { Severity } from '../finding';
import { known, knownUrl, knownValues, withLine } from './read';

/** Values from somebody’s template that were never replaced. */
export const samples: readonly Rule[] = [
  {
    id: 'sample-value',
    severity: 'depends',
    summary: 'A value from the vendor’s guide or templates, or a placeholder, that was not replaced.',
    *check(draft) {
      for (const item of draft.values.values()) {
        const about = variable(item.name);
        if (known(draft, item.name) === undefined || about?.publicValues?.includes(item.value)) continue;
        const severity = judge(draft, item);
        if (!severity) continue;
        yield withLine(
          item,
          severity,
          about?.secret
            ? 'The value is a sample that everyone can look up, and it protects nothing.'
            : 'The value is a placeholder from a template.',
          about?.secret ? 'Write a value of your own.' : 'Write the real value, or remove the variable.',
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

/** Placeholders in any variable. */
const PLACEHOLDER =
  /replace-with|^(change|replace|fill)[-_ ]?(me|this|in)$|^<[^<>]*>$|^(\.{3}|…|x{3,}|todo|tbd)$|^your[-_]/i;

/** Whole passwords that stand in guides. */
const WELL_KNOWN =
  /^(password|passw0rd|password123?|changeit|secret|admin|root|postgres|stackframe|example|test|123456(78)?)$/i;

/**
 * Values of the vendor’s development and emulator files, told by a part that is enough to know them: keys made for
 * localhost, mocks, Svix’s, Turnstile’s and Stripe’s test keys, and the secret of the Docker template.
 */
const VENDOR =
  /^23-wuNpik0|-for-local-development(-only)?$|^vercel_sandbox_disabled_|^PASSWORD-PLACEHOLDER|^mock_|^MOCK$|^local-emulator-|^s3mockroot$|^sk_test_mock|^this-is-a-fake-key$|RzFykseg95SUk$|^[123]x0{20,}[A-Z]{2}$/;

/** Keys that the QStash development server always has. Used beside the server it works, but its callbacks can be forged. */
const QSTASH_DEVELOPMENT = /^sig_(7kYjw48m|5ZB6DVzB)/;

function judge(draft: Draft, item: Assignment): Severity | undefined {
  const listed = variable(item.name);
  const severity = listed ? 'error' : 'warning';
  const secret = listed ? listed.secret : looksSecret(item.written);
  if (PLACEHOLDER.test(item.value) || (listed && VENDOR.test(item.value))) return severity;
  if (secret && WELL_KNOWN.test(item.value)) return severity;
  if (QSTASH_DEVELOPMENT.test(item.value)) return 'warning';
  const password = passwordOf(draft, item.name);
  return password && (WELL_KNOWN.test(password) || VENDOR.test(password)) ? severity : undefined;
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

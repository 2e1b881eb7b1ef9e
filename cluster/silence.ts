import { holdsCredential } from '../config/secrets/credential';

/** Takes what is secret out of a text that somebody else has written. */
export type Silence = (text: string) => string;

/**
 * Takes these values out of texts, in every form in which a log or an error has them: as they are, in base64, escaped for JSON
 * and for URLs. Of a URL the password counts by itself, too.
 */
export function silence(values: Iterable<string>): Silence {
  const forms = new Set<string>();
  for (const value of values) {
    for (const part of [value, ...passwordsOf(value)]) for (const form of formsOf(part)) forms.add(form);
  }
  // The longest first: what is left of a longer one must not be found by a shorter one.
  const ordered = [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => withoutCredentials(ordered.reduce((rest, form) => rest.replaceAll(form, WITHHELD), text));
}

/** What stands in a text in place of a secret. */
export const WITHHELD = '(withheld)';

/** Shorter ones are in every word; no rule lets such a secret pass, but a log is not to be unreadable for one. */
const SHORTEST = 4;

function formsOf(value: string): string[] {
  return [
    value,
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURI(value),
  ];
}

function passwordsOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** A password in a URL and a token give themselves away, whoever's they are. */
function withoutCredentials(text: string): string {
  return text
    .replace(/(:\/\/[^/\s@:]*:)[^/\s@]+@/g, `$1${WITHHELD}@`)
    .split(/(\s+)/)
    .map((word) => (holdsCredential(word) && !word.includes(WITHHELD) ? WITHHELD : word))
    .join('')
    .replace(/\b(Bearer|Basic)(\s+)(?!\(withheld\))[\w+/=.~-]{8,}/g, `$1$2${WITHHELD}`);
}

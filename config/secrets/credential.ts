import { isSecret, variable } from '../contract';

/** A variable with its value, as a line of an env file has it. */
export interface Line {
  readonly name: string;
  readonly value: string;
  /** The file it stands in. @default - not decided yet */
  readonly source?: string;
}

/** Whether a line belongs into the Secret: by its variable, by what it holds, or because the user keeps it in `secrets.env`. */
export function belongsInSecret({ name, value, source }: Line): boolean {
  // What a store sets in place of a secret, and nobody has to hide.
  if (source === 'derived' && variable(name)?.publicValues?.includes(value)) return false;
  return source === 'secrets.env' || isSecret(name) || holdsCredential(value);
}

/**
 * Whether a value is or holds a credential, whatever its variable is called. Only what can hardly be anything else counts,
 * for a value that is found in a committed file stops the run.
 */
export function holdsCredential(value: string): boolean {
  return CREDENTIALS.some((form) => form.test(value)) || holdsBasic(value);
}

const CREDENTIALS: readonly RegExp[] = [
  // The password of a URL.
  /:\/\/[^/\s@:]*:[^/\s@]+@/,
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/,
  // A token is long and has a digit; "bearer authentication" has none. OpenTelemetry’s headers are percent-encoded.
  /\bBearer(\s|%20|\+)\s*(?=[^\s,;]*\d)[^\s,;]{8,}/i,
  // Keys that say whose they are: Stripe, GitHub, GitLab, Slack, SendGrid, OpenAI and its like, npm.
  /\b(sk|rk)_(live|test)_\w{8,}|\bwhsec_\w{8,}|\bgh[oprsu]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bxox[a-z]-[\w-]{8,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bsk-(proj|ant|or)-[\w-]{16,}|\bnpm_\w{30,}/,
  // Addresses that whoever knows them can post to.
  /\bhooks\.slack\.com\/(services|workflows|triggers)\/\w|\bdiscord(app)?\.com\/api\/webhooks\/\d/,
];

/** HTTP's Basic scheme: base64 of user and password with a colon between. "Basic dashboard" is none. */
function holdsBasic(value: string): boolean {
  for (const [, , encoded] of value.matchAll(/\bBasic(\s|%20|\+)\s*([A-Za-z0-9+/]{4,})/gi)) {
    if (/^[\x20-\x7e]*:[\x20-\x7e]+$/.test(Buffer.from(encoded!, 'base64').toString('latin1'))) return true;
  }
  return false;
}

import { createHash, createHmac } from 'node:crypto';
import { ownKeys } from '../own-keys';

/** The variable whose value keys the hashes. */
const KEY_VARIABLE = 'STACK_SERVER_SECRET';

/**
 * Keyed hashes of secret values, by which a change shows. The key is the server secret, 32 random bytes: a bare hash in
 * a committed file would let anyone who can read it try passwords offline (docs/explanation/kubernetes.md#secrets).
 * Without that key there are none.
 */
export function fingerprints(values: Readonly<Record<string, string>>): Record<string, string> {
  const key = values[KEY_VARIABLE];
  if (!key) return ownKeys({});
  const marks = Object.entries(values).map(([name, value]) => [name, fingerprint(key, name, value)]);
  return ownKeys(Object.fromEntries(marks));
}

/** The keyed hash of one value. */
function fingerprint(key: string, name: string, value: string): string {
  // The name is part of it, so that equal values of two variables do not show.
  return createHmac('sha256', key).update(`hexclave secret fingerprint\0${name}\0${value}`).digest('hex').slice(0, 32);
}

/** What stands in for the fingerprint of a value that is known encrypted only: a hash of what everyone can read anyway. */
export function ciphertextDigest(ciphertext: string): string {
  return createHash('sha256').update(ciphertext).digest('hex').slice(0, 32);
}

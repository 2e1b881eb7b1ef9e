import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../../config/contract';
import type { Draft } from '../../config/draft';
import { loadEnvironment } from '../../config/load';
import { Failure } from '../failure';
import { replaceFile } from '../private-file';
import { report } from '../report';
import { withValue } from '../rotate/env-text';
import { refuseTracked } from '../tracked';
import { SECRETS_HEADER } from './files';
import { freshSecret, freshStoreSecret } from './fresh-secret';

/**
 * Makes the secrets that an environment lacks and that only have to be random, and writes them into its secrets.env. What
 * is set stays as it is, to the byte, wherever it is set. Returns the names of what was made; undefined when the
 * environment's secrets are not kept in secrets.env.
 */
export function completeSecrets(folder: string): string[] | undefined {
  const file = join(folder, 'secrets.env');
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.from(`${SECRETS_HEADER}\n`);
  if (!isUtf8(bytes)) throw new Failure(`${file} is not valid UTF-8, so nothing was added to it`, 1);
  let text = bytes.toString();
  const { draft, findings } = loadEnvironment(folder, { sealing: 'beside', secretsText: text });
  if (!draft) {
    report(findings);
    throw new Failure('Nothing was made: environment.yaml has errors', 1);
  }
  if (!KEPT_IN_FILE.includes(draft.settings.secrets.mode)) return undefined;
  const made = [...lacking(draft)];
  if (made.length === 0) return [];
  for (const [name, value] of made) text = withValue(text, name, value)!;
  refuseTracked([file]);
  replaceFile(file, text, 0o600);
  return made.map(([name]) => name);
}

const KEPT_IN_FILE = ['env-file', 'sealed-secrets', 'sops'];
const ADMIN_EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const ADMIN_PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';

/** Secrets that the server cannot do without, the password of an administrator who has an address, and those of stores. */
function* lacking(draft: Draft): Iterable<[name: string, value: string]> {
  const has = (name: string) =>
    Boolean(draft.values.get(name)?.value) || draft.references.has(name) || Boolean(draft.held?.has(name));
  const ofStores = new Set(draft.provisions.flatMap(({ secrets }) => secrets));
  for (const { name, secret, required } of contract) {
    if (!secret || has(name)) continue;
    const wanted = required || (name === ADMIN_PASSWORD && has(ADMIN_EMAIL));
    const value = ofStores.has(name) ? freshStoreSecret(name) : wanted ? freshSecret(name) : undefined;
    if (value !== undefined) yield [name, value];
  }
}

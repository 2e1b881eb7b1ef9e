import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { contract } from '../../config/contract';
import type { Draft } from '../../config/draft';
import { loadEnvironment } from '../../config/load';
import { join } from '../../config/paths';
import { readNamed } from '../../config/read-named';
import { Failure } from '../failure';
import { locked, secretsLock } from '../lock';
import { refuseIrreplaceable, replaceFile } from '../private-file';
import { recovery } from '../recovery';
import { report } from '../report';
import { withValue } from '../rotate/env-text';
import { refuseTracked } from '../tracked';
import { SECRETS_HEADER } from './files';
import { freshSecret, freshStoreSecret } from './fresh-secret';

/**
 * Makes the secrets that an environment lacks and that only have to be random, and writes them into its secrets.env. What
 * is set stays as it is, to the byte, wherever it is set. Returns the names of what was made; undefined when the
 * environment's secrets are not kept in secrets.env.
 *
 * @param newSecrets makes the file as well where it is missing; otherwise only an evaluation's
 */
export function completeSecrets(folder: string, newSecrets = false): string[] | undefined {
  return locked(secretsLock(folder), () => completeAlone(folder, newSecrets));
}

function completeAlone(folder: string, newSecrets: boolean): string[] | undefined {
  const file = join(folder, 'secrets.env');
  refuseIrreplaceable(file);
  const before = existsSync(file) ? readNamed(file) : undefined;
  if (before && !isUtf8(before)) throw new Failure(`${file} is not valid UTF-8, so nothing was added to it`, 1);
  let text = before?.toString() ?? `${SECRETS_HEADER}\n`;
  const { draft, findings } = loadEnvironment(folder, { sealing: 'beside', secretsText: text });
  if (!draft) {
    report(findings);
    throw new Failure('Nothing was made: environment.yaml has errors', 1);
  }
  if (!KEPT_IN_FILE.includes(draft.settings.secrets.mode)) return undefined;
  const made = [...lacking(draft)];
  if (made.length === 0) return [];
  if (!newSecrets) refuseNewIdentity(draft, file);
  for (const [name, value] of made) text = withValue(text, name, value)!;
  refuseTracked([file]);
  replaceFile(file, text, 0o600, before);
  return made.map(([name]) => name);
}

const KEPT_IN_FILE = ['env-file', 'sealed-secrets', 'sops'];

/**
 * An environment whose secrets.env is missing, or empty as a recovery leaves it that has failed, may run all the same: the
 * file is on another machine, or lost. An evaluation can be made anew, and what is kept elsewhere is not lost with it.
 */
function refuseNewIdentity({ name, settings, held, references, assignments }: Draft, file: string): void {
  const elsewhere = held?.has(IDENTITY) || references.has(IDENTITY);
  const holdsSome = assignments.some(({ source, value }) => source === 'secrets.env' && value !== '');
  if (settings.purpose === 'evaluation' || elsewhere || holdsSome) return;
  throw new Failure(
    `There are no secrets in ${file}. If this environment runs already, new ones are not its own: everybody would be signed out, and databases would refuse the server`,
    1,
    `Copy the file from where you keep it, or get it back from the cluster:\n\n${indented(recovery(name, settings))}\n\n       For an environment that has never run: npx cdk8s-hexclave init ${name} --new-secrets`,
  );
}

/** Who has this secret goes on as the same installation. */
const IDENTITY = 'STACK_SERVER_SECRET';

function indented(text: string): string {
  return text.replace(/^/gm, ' '.repeat(9));
}

const ADMIN_EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const BACKUP_PASSWORD = 'BACKUP_PASSWORD';
const ADMIN_PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';

/** Secrets that the server cannot do without, the passwords of an administrator who has an address and
 * of backups, and those of stores. */
function* lacking(draft: Draft): Iterable<[name: string, value: string]> {
  const has = (name: string) =>
    Boolean(draft.values.get(name)?.value) || draft.references.has(name) || Boolean(draft.held?.has(name));
  const ofStores = new Set(draft.provisions.flatMap(({ secrets }) => secrets));
  for (const { name, secret, required } of contract) {
    if (!secret || has(name)) continue;
    const wanted =
      required ||
      (name === ADMIN_PASSWORD && has(ADMIN_EMAIL)) ||
      (name === BACKUP_PASSWORD && draft.settings.backup !== undefined);
    const value = ofStores.has(name) ? freshStoreSecret(name) : wanted ? freshSecret(name) : undefined;
    if (value !== undefined) yield [name, value];
  }
}

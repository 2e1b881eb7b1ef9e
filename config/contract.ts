import { analytics } from './contract/analytics';
import { backup } from './contract/backup';
import { core } from './contract/core';
import { development } from './contract/development';
import { email } from './contract/email';
import { emailMonitor } from './contract/email-monitor';
import { processes } from './contract/process';
import { projects } from './contract/projects';
import { seed } from './contract/seed';
import { services } from './contract/services';
import { stores } from './contract/stores';
import type { Variable } from './contract/variable';
import { nearest } from './nearest';
import type { Settings } from './settings';

export type { Group, Kind, Risk, Variable } from './contract/variable';

/** Every variable the server reads, by group (docs/explanation/server.md#variables). */
export const contract: readonly Variable[] = [
  ...core,
  ...seed,
  ...email,
  ...emailMonitor,
  ...services,
  ...projects,
  ...analytics,
  ...stores,
  ...processes,
  ...backup,
  ...development,
];

/** The variable of a contract name; `canonicalName` turns other spellings into one. */
export function variable(name: string): Variable | undefined {
  return byName.get(name);
}

/** Who sets a variable in an environment with these settings; undefined when it is the user's. */
export function ownerOf(name: string, settings: Partial<Settings> = {}): Variable['owner'] {
  const { owner, ownedWith } = variable(name) ?? {};
  return ownedWith && settings[ownedWith] ? 'manifests' : owner;
}

/** The contract's name for a spelling: `HEXCLAVE_X` and old names become what the contract lists, others stay. */
export function canonicalName(written: string): string {
  if (byName.has(written)) return written;
  return bySpelling.get(written) ?? bySpelling.get(twin(written) ?? '') ?? written;
}

/** The other member of a `STACK_X`/`HEXCLAVE_X` pair, which newer images read as one variable; undefined without one. */
export function twin(name: string): string | undefined {
  const parts = PAIR.exec(name);
  return parts ? `${parts[1]}${parts[2] === 'STACK' ? 'HEXCLAVE' : 'STACK'}_${parts[3]}` : undefined;
}

/**
 * Whether a variable that the contract does not know is to be treated as a secret. The words are those scanners look
 * for in names (docs/explanation/kubernetes.md#names-that-look-secret) without the ones that name no secret: email,
 * username, phone. URLs of databases and DSNs are in because they usually carry a password, and a DSN without one loses
 * nothing by being in a Secret; webhooks because whoever knows their address can call them, and headers because that is
 * how collectors are told a token.
 */
export function looksSecret(name: string): boolean {
  return SECRET_WORD.test(name);
}

/** Whether a variable's value is secret: as the contract says, or for one it does not list, by its name. */
export function isSecret(name: string): boolean {
  return variable(name)?.secret ?? looksSecret(name);
}

/**
 * The contract's name nearest to a misspelt one, compared without the vendor's prefixes; only what a user may set and has not
 * set. Never a public variable for what looks secret: whoever follows the hint would publish it.
 */
export function nearestName(written: string, isSet: (name: string) => boolean = () => false): string | undefined {
  const candidates = new Map<string, string>();
  for (const item of contract) {
    if (!isSettable(item) || isSet(item.name) || wouldPublish(written, item)) continue;
    for (const name of [item.name, ...(item.aliases ?? [])]) {
      if (!candidates.has(stem(name))) candidates.set(stem(name), item.name);
    }
  }
  const found = nearest(stem(written), candidates.keys());
  return found === undefined ? undefined : candidates.get(found);
}

/** Whether a user may set it, and has a reason to. */
export function isSettable({ owner, group }: Variable): boolean {
  return !owner && group !== 'development';
}

/** Whether a value under a name that looks secret would stand in the open as this variable. */
export function wouldPublish(written: string, { secret }: Variable): boolean {
  return !secret && looksSecret(written) && !/^NEXT_PUBLIC_|PUBLISHABLE|SITE_KEY/i.test(written);
}

/** A name without the prefixes of the vendor. */
export function stem(name: string): string {
  return name.replace(/^(NEXT_PUBLIC_)?((STACK|HEXCLAVE|STACKFRAME)_(AUTH_)?)?/i, '');
}

const PAIR = /^((?:NEXT_PUBLIC_)?(?:BROWSER_|SERVER_)?)(STACK|HEXCLAVE)_(.+)$/;

const SECRET_WORD =
  /passw|passphrase|pwd|secret|token|bearer|credential|authorization|webhook|headers|signing|(api|access|private)_?key|connection_?string|(^|_)(pass|keys?|jwt|dsn|pem|(database|db|postgres|postgresql|pg|mysql|mongo|mongodb|redis|amqp)_ur[il])(_|$)/i;

const byName: ReadonlyMap<string, Variable> = new Map(contract.map((item) => [item.name, item]));

const bySpelling: ReadonlyMap<string, string> = new Map(
  contract.flatMap((item) => [item.name, ...(item.aliases ?? [])].map((spelling) => [spelling, item.name] as const)),
);

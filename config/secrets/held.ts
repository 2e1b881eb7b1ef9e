import { basename, dirname } from 'node:path';
import { canonicalName, contract } from '../contract';
import type { Finding, Place } from '../finding';
import { join } from '../paths';
import { readNamed } from '../read-named';
import { found } from '../reading-rules';
import type { Settings } from '../settings';
import { ciphertextDigest } from './fingerprint';
import { parseSealedFile, SEALED_FILE, type SealedValue } from './sealed-file';
import { parseSopsFile, SOPS_FILES, type SopsDocument } from './sops-file';

/** A variable that a Secret holds without its value being known here, and where that is said. */
export interface Held extends Place {
  /** What is another when the value is another, as far as that can be seen here. */
  readonly mark?: string;
}

/** What is known of the environment's Secret without any value. */
export interface Holdings {
  /** By contract name; undefined when nothing says which variables the Secret holds. */
  readonly held: ReadonlyMap<string, Held> | undefined;
  /** Of the mode `sealed-secrets`. */
  readonly sealed?: ReadonlyMap<string, SealedValue & Place>;
  /** Of the mode `sops`, by name of the Secret. */
  readonly encrypted?: ReadonlyMap<string, SopsDocument>;
}

export interface HoldingsProps {
  readonly folder: string;
  readonly secrets: Settings['secrets'];
  /** Variables that come from other Secrets, so this one need not hold them. */
  readonly elsewhere: ReadonlySet<string>;
  place(path: string): Place;
  /** Whether the committed file is about to be made, so that it need not be there. */
  readonly sealing: boolean;
}

/** Which variables the environment's Secret holds, by what the mode commits instead of values. */
export function holdings(props: HoldingsProps, findings: Finding[]): Holdings {
  switch (props.secrets.mode) {
    case 'env-file':
      return { held: new Map() };
    case 'existing':
      return { held: undefined };
    case 'external-secrets':
      return { held: listed(props.secrets, props) };
    case 'sealed-secrets':
      return sealed(props, findings);
    case 'sops':
      return encrypted(props, findings);
  }
}

type External = Extract<Settings['secrets'], { mode: 'external-secrets' }>;

/** The required variables, and what the user lists. */
function listed(secrets: External, { elsewhere, place }: HoldingsProps): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const { name, required, secret } of contract) {
    if (required && secret && !elsewhere.has(name)) held.set(name, place('secrets'));
  }
  secrets.variables.forEach((name, index) => {
    held.set(canonicalName(name), place(`secrets.variables.${index}`));
  });
  for (const name of Object.keys(secrets.remoteRefs)) {
    held.set(canonicalName(name), place(`secrets.remoteRefs.${name}`));
  }
  return held;
}

function sealed({ folder, sealing }: HoldingsProps, findings: Finding[]): Holdings {
  const file = join(folder, SEALED_FILE);
  const text = read(file);
  if (text === undefined) {
    if (!sealing) findings.push(notSealed(file, SEALED_FILE));
    return { held: sealing ? new Map() : undefined, sealed: new Map() };
  }
  const { values, findings: found } = parseSealedFile(text, file);
  findings.push(...found);
  const held = [...values].map(([name, { file, line, fingerprint, ciphertext }]): [string, Held] => [
    name,
    { file, line, mark: fingerprint ?? ciphertextDigest(ciphertext) },
  ]);
  return { held: found.length > 0 ? undefined : new Map(held), sealed: values };
}

function encrypted({ folder, sealing }: HoldingsProps, findings: Finding[]): Holdings {
  const documents = new Map<string, SopsDocument>();
  const held = new Map<string, Held>();
  let known = true;
  for (const [secret, name] of Object.entries(SOPS_FILES)) {
    const file = join(folder, name);
    const text = read(file);
    if (text === undefined) continue;
    const { document, findings: found } = parseSopsFile(text, file, secret);
    findings.push(...found);
    if (!document) known = false;
    else {
      documents.set(secret, document);
      for (const [variable, place] of document.places) {
        const mark = document.fingerprints[variable] ?? ciphertextDigest(document.data[variable]!);
        held.set(variable, { ...place, mark });
      }
    }
  }
  if (known && documents.size === 0 && !sealing) {
    const [main] = Object.values(SOPS_FILES);
    findings.push(notSealed(join(folder, main!), main!));
    known = false;
  }
  return { held: known ? held : undefined, encrypted: documents };
}

/** The text of a file, or undefined when it is not there; other failures are the caller's to report. */
function read(file: string): string | undefined {
  try {
    return readNamed(file).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function notSealed(file: string, field: string): Finding {
  return found('secrets-not-sealed', {
    file,
    line: 0,
    field,
    message: 'The file with the encrypted secrets is not there.',
    fix: `Write the values into secrets.env and run: npx cdk8s-hexclave seal ${basename(dirname(file))}`,
  });
}

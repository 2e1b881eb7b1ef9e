import { isMap, isScalar } from 'yaml';
import type { Finding, Place } from '../finding';
import { readYaml } from '../read-yaml';
import { found } from '../reading-rules';

/** The committed file of the mode `sealed-secrets`, made by `seal`. */
export const SEALED_FILE = 'secrets.sealed.yaml';

/** A variable's value that only the controller in the cluster can open. */
export interface SealedValue {
  readonly ciphertext: string;
  /** What it is bound to, see `sealingLabel`. */
  readonly label: string;
  /** Which certificate it was sealed with: the beginning of its SHA-256 fingerprint. */
  readonly certificate: string;
  /** Keyed hash of the value, see `fingerprints`; missing when there was no key. */
  readonly fingerprint?: string;
}

export interface SealedFile {
  readonly values: ReadonlyMap<string, SealedValue & Place>;
  readonly findings: readonly Finding[];
}

export function parseSealedFile(text: string, file: string): SealedFile {
  const { contents, value: written, problems, lineOf } = readYaml(text);
  const values = new Map<string, SealedValue & Place>();
  const findings: Finding[] = [];
  const invalid = (line: number, message: string) =>
    findings.push(found('sealed-file-invalid', { file, line, field: SEALED_FILE, message, fix: FIX }));
  for (const { line, message } of problems) invalid(line, message);
  if (findings.length > 0 || !contents) return { values, findings };
  if (!isMap(contents)) {
    invalid(1, 'The file is no map of variables.');
    return { values, findings };
  }
  for (const { key } of contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const line = lineOf(key);
    const value = (written as Record<string, unknown>)[name];
    if (isSealedValue(value)) values.set(name, { ...value, file, line });
    else invalid(line, 'This is not what the seal command writes.');
  }
  return { values, findings };
}

/** The file's text. Sorted, so that a changed value is one changed place in git. */
export function sealedFileText(values: ReadonlyMap<string, SealedValue>): string {
  const entries = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return HEADER + entries.map(([name, value]) => `${name}:\n${fields(value)}`).join('');
}

const FIX = 'Take the file back from git, or delete it and run the seal command with all values in secrets.env.';

const HEADER = `# Made by the seal command; do not edit. Only the controller in the cluster can open the values. The fingerprints are
# keyed hashes: by them the next seal leaves unchanged values as they are, and the pods roll when one has changed.
`;

function fields({ label, certificate, fingerprint, ciphertext }: SealedValue): string {
  return Object.entries({ label, certificate, fingerprint, ciphertext })
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `  ${name}: ${JSON.stringify(text)}\n`)
    .join('');
}

function isSealedValue(value: unknown): value is SealedValue {
  if (typeof value !== 'object' || value === null) return false;
  const { ciphertext, label, certificate, fingerprint } = value as Record<string, unknown>;
  return (
    typeof ciphertext === 'string' &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(ciphertext) &&
    typeof label === 'string' &&
    typeof certificate === 'string' &&
    (fingerprint === undefined || typeof fingerprint === 'string')
  );
}

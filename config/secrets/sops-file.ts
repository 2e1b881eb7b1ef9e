import { basename } from 'node:path';
import { isMap, isScalar, type Pair } from 'yaml';
import { canonicalName } from '../contract';
import { printable } from '../env-file-findings';
import type { Finding, Place } from '../finding';
import { ownKeys } from '../own-keys';
import { readYaml } from '../read-yaml';
import { found } from '../reading-rules';
import { ciphertextDigest } from './fingerprint';
import { BACKUP_SECRET, MIGRATION_SECRET, SECRET_NAME, secretOf } from './names';

/** The committed files of the mode `sops`, made by `seal` through sops: one a Secret, for sops encrypts whole files. */
export const SOPS_FILES: Readonly<Record<string, string>> = {
  [SECRET_NAME]: 'secrets.sops.yaml',
  [MIGRATION_SECRET]: 'migration-database.sops.yaml',
  [BACKUP_SECRET]: 'backup.sops.yaml',
};

/** A Secret as sops encrypts it. */
export interface SopsDocument {
  /** Encrypted text by variable. */
  readonly data: Readonly<Record<string, string>>;
  /** What sops needs to open it; it holds no secret. */
  readonly sops: Readonly<Record<string, unknown>>;
  /** Keyed hashes of the values by variable. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Variables that something else than `seal` has changed, such as `sops edit`. */
  readonly edited: readonly string[];
  readonly places: ReadonlyMap<string, Place>;
}

export interface SopsFile {
  /** Undefined when there are errors. */
  readonly document: SopsDocument | undefined;
  readonly findings: readonly Finding[];
}

/** Where the fingerprints stand: outside of what sops encrypts and authenticates. */
const ANNOTATION = 'hexclave.dev/fingerprints';

export function parseSopsFile(text: string, file: string, secret: string): SopsFile {
  const { contents, value, problems, lineOf } = readYaml(text);
  const findings: Finding[] = [];
  const finding = (rule: SopsRule, line: number, field: string, message: string, fix = SEAL) =>
    findings.push(found(rule, { file, line, field, message, fix }));
  for (const { line, message } of problems) finding('sops-file-invalid', line, basename(file), message);
  const root = value as Manifest | null | undefined;
  const node = isMap(contents) ? contents.get('data') : undefined;
  if (findings.length === 0 && !(root?.kind === 'Secret' && isMap(node) && isRecord(root.sops))) {
    finding('sops-file-invalid', 0, 'data', 'The file is no Secret that sops has encrypted.');
  }
  if (findings.length > 0 || !isMap(node)) return { document: undefined, findings };

  if (root!.stringData !== undefined) {
    finding('sops-file-invalid', 0, 'stringData', 'A key removed from stringData stays in the cluster for ever.', DATA);
  }
  if (root!.sops!.mac_only_encrypted !== true) {
    finding('sops-mac', 0, 'sops', 'The checksum of sops covers the metadata, which the manifests write anew.', MAC);
  }
  const places = new Map<string, Place>();
  for (const pair of node.items as Pair[]) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    const line = lineOf(pair.key);
    const encrypted: unknown = root!.data![name];
    if (typeof encrypted !== 'string' || !ENCRYPTED.test(encrypted)) {
      finding('sops-plaintext', line, printable(name), 'The value stands here unencrypted.', PLAIN);
    }
    if (canonicalName(name) !== name) {
      finding('sops-file-invalid', line, name, `The manifests read this as ${canonicalName(name)}.`);
    }
    if (secretOf(name) !== secret) {
      finding('sops-file-invalid', line, printable(name), `The variable belongs into another file than this.`);
    }
    places.set(name, { file, line });
  }
  if (findings.length > 0) return { document: undefined, findings };
  const data = root!.data as Record<string, string>;
  const noted = notes(root!.metadata?.annotations?.[ANNOTATION]);
  const isAsSealed = (name: string) => noted.get(name)?.digest === ciphertextDigest(data[name]!);
  const names = Object.keys(data);
  const known = names.filter(isAsSealed).map((name) => [name, noted.get(name)!.fingerprint]);
  const fingerprints: Record<string, string> = ownKeys(Object.fromEntries(known));
  const edited = noted.size > 0 ? names.filter((name) => !isAsSealed(name)) : [];
  return { document: { data, sops: root!.sops!, fingerprints, edited, places }, findings };
}

/** The annotation that keeps the fingerprints, each with a hash of the encrypted text that it was made for. */
export function fingerprintAnnotation(
  fingerprints: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(fingerprints).map(([name, hash]) => [
    name,
    `${hash}/${ciphertextDigest(data[name]!)}`,
  ]);
  return { [ANNOTATION]: JSON.stringify(Object.fromEntries(entries)) };
}

/** How sops writes an encrypted value. */
export const ENCRYPTED = /^ENC\[AES256_GCM,data:[^,\]]*,iv:[^,\]]+,tag:[^,\]]+,type:str\]$/;

type SopsRule = 'sops-file-invalid' | 'sops-mac' | 'sops-plaintext';

const SEAL = 'Take the file back from git, or make it anew with the seal command.';
const DATA = 'Move it to data, base64-encoded; the seal command does that.';
const MAC =
  'Make the file with the seal command, or add mac_only_encrypted: true to .sops.yaml and run sops rotate -i.';
const PLAIN = 'Put the value into secrets.env, run the seal command, and change the value if the file was ever pushed.';

interface Manifest {
  readonly kind?: unknown;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stringData?: unknown;
  readonly sops?: Readonly<Record<string, unknown>>;
}

/** The fingerprints in the annotation, each with the digest of the encrypted text that it was made for. */
function notes(annotation: unknown): Map<string, { fingerprint: string; digest: string }> {
  let noted: unknown;
  try {
    noted = JSON.parse(String(annotation));
  } catch {
    return new Map();
  }
  const entries = Object.entries(isRecord(noted) ? noted : {}).map(([name, entry]) => {
    const [fingerprint = '', digest = ''] = String(entry).split('/');
    return [name, { fingerprint, digest }] as const;
  });
  return new Map(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { emit } from '../../charts/emit';
import type { Draft } from '../../config/draft';
import type { Environment } from '../../config/environment';
import { join } from '../../config/paths';
import { fingerprints } from '../../config/secrets/fingerprint';
import { secretOf } from '../../config/secrets/names';
import { fingerprintAnnotation, parseSopsFile, SOPS_FILES, type SopsDocument } from '../../config/secrets/sops-file';
import { Failure } from '../failure';
import { replaceFile } from '../private-file';
import type { Sealed, SealOptions } from './sealing';
import { valuesToSeal } from './values';

export interface SopsProps {
  readonly folder: string;
  readonly environment: Environment;
  readonly draft: Draft;
  readonly options: SealOptions;
}

/**
 * Encrypts the values with the user's sops, one file a Secret. A file in which nothing has changed stays as it is; one
 * in which something has is encrypted as a whole, since only who can decrypt it could change a part of it.
 */
export function sealWithSops({ folder, environment, draft, options }: SopsProps): Sealed {
  const all = valuesToSeal(environment);
  const marks = fingerprints(Object.fromEntries(all));
  const result = { written: [], anew: [], unchanged: [], kept: [], dropped: [] } as Record<keyof Sealed, string[]>;
  const files = new Map<string, string>();
  for (const [secret, name] of Object.entries(SOPS_FILES)) {
    const file = join(folder, name);
    const values = new Map([...all].filter(([variable]) => secretOf(variable) === secret));
    const before = draft.encrypted?.get(secret);
    if (before) refuseLoss(file, before, values, options);
    const gone = Object.keys(before?.data ?? {}).filter((variable) => !values.has(variable));
    if (values.size === 0) {
      if (gone.length > 0) throw emptied(file);
      continue;
    }
    const same = (variable: string) => marks[variable] && before?.fingerprints[variable] === marks[variable];
    const changed = [...values.keys()].filter((variable) => options.all || !same(variable));
    if (changed.length === 0 && gone.length === 0) result.unchanged.push(...values.keys());
    else {
      files.set(file, encrypt(file, secret, values, marks));
      result.anew.push(...values.keys());
      result.dropped.push(...gone);
    }
  }
  for (const [file, text] of files) replaceFile(file, text, 0o644);
  return { ...result, written: [...files.keys()] };
}

/** Values that only the encrypted file has would be gone with it. */
function refuseLoss(
  file: string,
  { data, edited }: SopsDocument,
  values: ReadonlyMap<string, string>,
  { all, prune }: SealOptions,
): void {
  const lost = Object.keys(data).filter((variable) => !values.has(variable));
  if (lost.length > 0 && !prune) {
    throw new Failure(
      `${file} holds ${lost.join(', ')}, and secrets.env does not; sops encrypts whole files, so the values would be lost`,
      1,
      `Copy them from what sops decrypt ${file} prints (base64), or drop them: --prune`,
    );
  }
  if (edited.length > 0 && !all) {
    throw new Failure(
      `${file} was changed by something else than seal (${edited.join(', ')}), and secrets.env would take its place`,
      1,
      `Bring secrets.env up to date from what sops decrypt ${file} prints (base64), then run this with --all.`,
    );
  }
}

function encrypt(
  file: string,
  secret: string,
  values: ReadonlyMap<string, string>,
  marks: Readonly<Record<string, string>>,
): string {
  const data = Object.fromEntries([...values].map(([name, value]) => [name, Buffer.from(value).toString('base64')]));
  const plain = emit([{ apiVersion: 'v1', kind: 'Secret', metadata: { name: secret }, type: 'Opaque', data }]);
  const document = parse(runSops(file, plain, values));
  const known = Object.fromEntries(Object.entries(marks).filter(([name]) => values.has(name)));
  document.metadata.annotations = fingerprintAnnotation(known, document.data);
  const text = emit([document]);
  // Settings in .sops.yaml decide what sops encrypts; nothing is written that is not what they should have said.
  const { findings } = parseSopsFile(text, file, secret);
  if (findings.length === 0) return text;
  throw new Failure(
    `sops did not encrypt every value: ${findings.map((finding) => `${finding.field} ${finding.message}`).join(' ')}`,
    1,
    'Remove encrypted_suffix, unencrypted_suffix, unencrypted_regex and the like from the rule in .sops.yaml.',
  );
}

/** Through standard input and output: no value is in a file or in an argument that other processes can read. */
function runSops(file: string, plain: string, values: ReadonlyMap<string, string>): string {
  // The first flag is one of sops itself, not of its encrypt command.
  const command = ['--mac-only-encrypted', 'encrypt', '--encrypted-regex', '^(data|stringData)$'];
  const types = ['--input-type', 'yaml', '--output-type', 'yaml', '--filename-override', file];
  const { status, stdout, stderr, error } = spawnSync('sops', [...command, ...types], {
    input: plain,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    const fix = 'Install sops 3.10 or newer and put it on the PATH: https://github.com/getsops/sops/releases';
    throw new Failure('The program sops is not installed', 1, fix);
  }
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Failure(
    `sops ended with ${status}: ${withheld(stderr, plain, values)}`,
    1,
    `A rule for ${file} belongs into .sops.yaml, and its recipients' keys have to be usable.`,
  );
}

/** What sops says about a file may quote it. */
function withheld(text: string, plain: string, values: ReadonlyMap<string, string>): string {
  const secrets = [...values.values()].flatMap((value) => [value, Buffer.from(value).toString('base64')]);
  const quotes = [...secrets, ...plain.split('\n')].some((piece) => piece.length >= 4 && text.includes(piece));
  return quotes ? 'its message quotes the file, so it is withheld' : text.trim().split('\n').slice(0, 5).join(' ');
}

function emptied(file: string): Failure {
  return new Failure(`secrets.env has no value for ${file} any more`, 1, `Delete the file: git rm ${file}`);
}

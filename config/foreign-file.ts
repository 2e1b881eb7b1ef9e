import { isUtf8 } from 'node:buffer';

/** What a file is that was taken for an env file. */
export interface Foreign {
  /** The forms that `init` can read all the same. */
  readonly form?: 'compose' | 'kubernetes';
  /** As the end of a sentence: a compose file. */
  readonly what: string;
  readonly fix: string;
}

/**
 * What a file is as a whole if it is no env file; undefined for one, or for what nobody can name. One message about the file
 * is worth more than one for each of its lines. It says nothing of a file in which most lines set a variable.
 */
export function foreignFile(bytes: Buffer): Foreign | undefined {
  const binary = BINARY.find(({ is }) => is(bytes));
  if (binary) return binary;
  const text = bytes
    .subarray(0, 256 * 1024)
    .toString()
    .replace(/^\ufeff/, '');
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*#(?!!)/.test(line))
    .slice(0, 500);
  if (lines.length === 0) return undefined;
  return TEXT.find(({ is }) => is(text.trimStart(), lines));
}

const UNPACK = 'Unpack it, and give the env file that is in it.';
const DECRYPT = 'Decrypt it first, and give what comes out.';
const PLAIN = 'Write the variables as NAME=value, a line each, with the values as they are.';

const BINARY: readonly (Foreign & { is(bytes: Buffer): boolean })[] = [
  { what: 'an archive packed by gzip', fix: UNPACK, is: begins(0x1f, 0x8b) },
  { what: 'a zip archive', fix: UNPACK, is: begins(0x50, 0x4b, 0x03, 0x04) },
  { what: 'an archive packed by xz', fix: UNPACK, is: begins(0xfd, 0x37, 0x7a, 0x58, 0x5a) },
  { what: 'an archive packed by zstd', fix: UNPACK, is: begins(0x28, 0xb5, 0x2f, 0xfd) },
  { what: 'an archive packed by bzip2', fix: UNPACK, is: (bytes) => /^BZh\d1AY/.test(head(bytes)) },
  { what: 'a tar archive', fix: UNPACK, is: (bytes) => bytes.toString('latin1', 257, 262) === 'ustar' },
  {
    what: 'encrypted by git-crypt',
    fix: 'Unlock the repository: git-crypt unlock',
    is: (bytes) => head(bytes).startsWith('\0GITCRYPT'),
  },
  {
    what: 'a text in UTF-16, as Windows writes it',
    fix: 'Save it as UTF-8, e.g. iconv -f UTF-16 -t UTF-8 <file> > hexclave.env, or in PowerShell: Out-File -Encoding utf8NoBOM',
    is: isUtf16,
  },
  { what: 'a binary file', fix: PLAIN, is: isBinary },
];

const TEXT: readonly (Foreign & { is(text: string, lines: readonly string[]): boolean })[] = [
  {
    what: 'encrypted by Ansible Vault',
    fix: 'Decrypt it first: ansible-vault view <file>',
    is: (text) => text.startsWith('$ANSIBLE_VAULT;'),
  },
  {
    what: 'encrypted',
    fix: DECRYPT,
    is: (text) => /^(age-encryption\.org\/v1|-----BEGIN (PGP MESSAGE|AGE ENCRYPTED FILE))/.test(text),
  },
  {
    what: 'encrypted by sops',
    fix: 'Decrypt it first: sops decrypt <file>',
    is: (text) => /^\s*["']?sops(_version=|["']?:)/m.test(text) && text.includes('ENC[AES256_GCM,'),
  },
  {
    what: 'a pointer of Git LFS',
    fix: 'Fetch the file itself: git lfs pull',
    is: (text) => text.startsWith('version https://git-lfs.'),
  },
  {
    what: 'an HTML or XML page',
    fix: 'Download the file itself, not the page that shows it.',
    is: (text) => /^<(!doctype|html|\?xml|[a-z][\w:-]*[\s>])/i.test(text),
  },
  {
    what: 'a file with the marks of a merge conflict',
    fix: 'Resolve the conflict first.',
    is: (_, lines) => ['<<<<<<< ', '>>>>>>> '].every((mark) => lines.some((line) => line.startsWith(mark))),
  },
  { what: 'a key or a certificate', fix: PLAIN, is: (text) => text.startsWith('-----BEGIN ') },
  {
    form: 'kubernetes',
    what: 'a manifest of Kubernetes',
    fix: 'Take its values over with: npx cdk8s-hexclave init <name> --from <file>',
    is: (text) => isField(text, 'apiVersion') && isField(text, 'kind'),
  },
  {
    form: 'compose',
    what: 'a compose file',
    fix: 'Take its values over with: npx cdk8s-hexclave init <name> --from <file> --service <service>',
    is: (text) => /^services:\s*(#.*)?$/m.test(text) || (/^\{/.test(text) && /"services"\s*:\s*\{/.test(text)),
  },
  {
    what: 'what docker inspect prints',
    fix: "Have it print the variables alone: docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' <container> > hexclave.env",
    is: (text) => /^\[/.test(text) && /"Config"\s*:/.test(text) && /"Env"\s*:/.test(text),
  },
  {
    what: 'a JSON file',
    fix: `Write its values as lines: jq -r 'to_entries[] | "\\(.key)=\\(.value)"' <file> > hexclave.env`,
    is: (text) => /^[{[]\s*(["{[\]}]|$)/.test(text),
  },
  {
    what: 'a shell script',
    fix: 'Write what it sets as lines: env -i sh -c "set -a; . ./<file>; env" > hexclave.env',
    is: (text, lines) => text.startsWith('#!') || most(lines, /^\s*(export|declare|typeset|readonly)\s/),
  },
  {
    what: 'a script for Windows or fish',
    fix: PLAIN,
    is: (_, lines) => most(lines, /^\s*(\$env:\w+\s*=|set\s+("?\w+=|-[a-z]+\s)|@?echo off)/i),
  },
  {
    what: 'a Dockerfile',
    fix: PLAIN,
    is: (text, lines) =>
      /^(FROM|ARG)\s/m.test(text) &&
      most(lines, /^\s*(FROM|ARG|ENV|RUN|COPY|WORKDIR|CMD|ENTRYPOINT|EXPOSE|LABEL|USER)\s/),
  },
  {
    what: 'an INI or TOML file',
    fix: PLAIN,
    is: (_, lines) => lines.some((line) => /^\[[\w. "-]+\]\s*$/.test(line)) || most(lines, /^\s*[\w.-]+\s+=\s/),
  },
  {
    what: 'a YAML file',
    fix: PLAIN,
    is: (_, lines) => most(lines, /^\s*(- |[\w"'.-]+:(\s|$)|---\s*$)/) && !most(lines, /^\w+=/),
  },
];

/** As every such file begins. */
function begins(...magic: number[]): (bytes: Buffer) => boolean {
  return (bytes) => magic.every((byte, index) => bytes[index] === byte);
}

function head(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 16);
}

function isUtf16(bytes: Buffer): boolean {
  if (begins(0xff, 0xfe)(bytes) || begins(0xfe, 0xff)(bytes)) return true;
  const sample = bytes.subarray(0, 200);
  const zeros = (from: number) => sample.filter((byte, index) => index % 2 === from && byte === 0).length;
  return sample.length >= 8 && Math.max(zeros(0), zeros(1)) > sample.length * 0.4;
}

/** Control characters that no text has. A single NUL in a value is one of its line's own findings. */
function isBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 8000);
  const strange = sample.filter((byte) => byte < 7 || (byte > 13 && byte < 27)).length;
  return strange > sample.length * 0.05 || (strange > 2 && !isUtf8(bytes));
}

function isField(text: string, name: string): boolean {
  return new RegExp(`^(\\s*- )?${name}:\\s|^\\s*[{[]?[sS]{0,2000}"${name}"\\s*:`, 'm').test(text);
}

/** At least half of the lines, and more than one. */
function most(lines: readonly string[], form: RegExp): boolean {
  const count = lines.filter((line) => form.test(line)).length;
  return count > 1 && count * 2 >= lines.length;
}

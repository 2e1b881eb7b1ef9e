import { isUtf8 } from 'node:buffer';
import { judgeLine, notAVariable, tooLong, tooMany } from './env-file-findings';
import type { Finding } from './finding';

/** One line of an env file that sets a variable. */
export interface Entry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** What `docker run --env-file` makes of a file, and what the user may not expect of it. */
export interface EnvFile {
  /** In file order, doubles included. */
  readonly entries: Entry[];
  readonly findings: Finding[];
}

/**
 * Reads an env file exactly as released Docker does (docker/cli pkg/kvfile): one variable a line, split at the first
 * `=`, the rest of the line is the value with its quotes, blanks and `#`. Where Docker would give up on the whole file
 * this goes on behind the line, so that all findings come at once.
 */
export function parseEnvFile(text: string | Buffer, file: string): EnvFile {
  const entries: Entry[] = [];
  const findings: Finding[] = [];
  const lines = split(Buffer.from(text));
  const add = (line: number, found: Iterable<Omit<Finding, 'file' | 'line'>>): void => {
    for (const finding of found) findings.push({ ...finding, file, line });
  };
  const full = (line: number): EnvFile => ({ entries: [], findings: [{ ...tooMany(MOST_LINES), file, line }] });
  const lineOf = new Map<string, number>();
  let crlf = 0;
  let count = 0;
  for (const [index, bytes] of lines.entries()) {
    const line = index + 1;
    if (bytes.length > LONGEST_LINE) {
      count++;
      add(line, [tooLong()]);
      continue;
    }
    if (!isUtf8(bytes)) {
      if (++count > MOST_LINES) return full(line);
      add(line, [notAVariable('encoding')]);
      continue;
    }
    // As bufio.ScanLines: one carriage return before the line feed is not part of the line.
    const content = bytes.toString().replace(/\r$/, '');
    if (bytes.at(-1) === 0x0d) crlf ||= line;
    const bom = line === 1 && content.startsWith('\ufeff');
    if (bom) add(line, [notAVariable('bom')]);
    const written = content.slice(bom ? 1 : 0).replace(GO_SPACE, '');
    if (written === '' || written.startsWith('#')) continue;
    if (++count > MOST_LINES) return full(line);

    const at = written.indexOf('=');
    const name = at < 0 ? written : written.slice(0, at);
    if (at === 0) add(line, [notAVariable('no-name')]);
    else if (/[ \t]/.test(name)) {
      add(line, [notAVariable(/^export[ \t]/.test(name) ? 'export' : 'blank-name', name, at > 0)]);
    } else if (at < 0) add(line, [notAVariable('bare-name', name, false)]);
    else {
      const entry = { name, value: written.slice(at + 1), line };
      add(line, judgeLine(entry, lineOf.get(name)));
      lineOf.set(name, line);
      entries.push(entry);
    }
  }
  if (crlf > 0) add(crlf, [notAVariable('crlf')]);
  return { entries, findings };
}

/**
 * The line that gives a variable a value, or undefined when the syntax cannot hold it: a line break or a NUL in the
 * value, half of a surrogate pair, a line over Docker's limit, or a name that Docker would not read back.
 */
export function envLine(name: string, value: string): string | undefined {
  const line = `${name}=${value}`;
  if (!/^[^=\s\0][^= \t\r\n\0]*$/.test(name) || name.startsWith('#') || name !== name.replace(GO_SPACE, '')) {
    return undefined;
  }
  if (/[\r\n\0]|\p{Surrogate}/u.test(line) || Buffer.byteLength(line) > LONGEST_LINE) return undefined;
  return line;
}

/** Many times what the server knows. Beyond it a file is something else, and a finding for each line helps nobody. */
const MOST_LINES = 2000;

/** bufio.MaxScanTokenSize, less the line feed that has to fit in as well. */
const LONGEST_LINE = 64 * 1024 - 1;

/** What Go's unicode.IsSpace trims; unlike `\s` it has U+0085 and not the byte order mark. */
const GO_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

function split(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseEnvFile } from '../../config/env-file';
import { SECRETS_HEADER } from '../init/files';

/**
 * Adds the lines that a file of secrets lacks, and makes the file when there is none. What stands in it stays as it is,
 * to the byte. Returns the names of what was added.
 */
export function addLines(
  file: string,
  lacking: (present: ReadonlySet<string>) => Iterable<readonly [name: string, value: string]>,
): string[] {
  const before = existsSync(file) ? readFileSync(file) : Buffer.from(`${SECRETS_HEADER}\n`);
  const present = new Set(parseEnvFile(before, file).entries.map(({ name }) => name));
  const lines = [...lacking(present)];
  if (lines.length === 0) return [];
  const glue = before.length === 0 || before.at(-1) === NEWLINE ? '' : '\n';
  const added = glue + lines.map(([name, value]) => `${name}=${value}\n`).join('');
  replace(file, Buffer.concat([before, Buffer.from(added)]));
  return lines.map(([name]) => name);
}

const NEWLINE = 10;

/** By a rename: a run that is killed in between must not leave half of the secrets. */
function replace(file: string, content: Buffer): void {
  const aside = `${file}.new`;
  try {
    writeFileSync(aside, content, { mode: 0o600 });
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

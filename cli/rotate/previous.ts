import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { canonicalName } from '../../config/contract';
import { parseEnvFile } from '../../config/env-file';
import { printable } from '../../config/env-file-findings';
import { join } from '../../config/paths';
import { readNamed } from '../../config/read-named';

/**
 * Where the text that a file is about to lose is kept: beside it, under a name that nothing has yet, for what is there may
 * be the only copy of what the cluster runs with. The newest file again when it holds the same, as after a killed run.
 */
export function placeForPrevious(file: string, bytes: Buffer): string {
  const kept = previousFiles(file);
  const newest = kept.at(-1);
  if (newest?.isFile && readNamed(newest.path).equals(bytes)) return newest.path;
  const number = (newest?.number ?? 0) + 1;
  return `${file}.previous${number === 1 ? '' : `.${number}`}`;
}

/** Which file beside this one holds what, oldest first. Names of variables, never a value. */
export function historyOf(file: string): string {
  const files = previousFiles(file).filter((kept) => kept.isFile);
  const width = Math.max(...files.map(({ path }) => path.length));
  return files
    .map(({ path }, index) => {
      const changed = changedNames(path, files[index + 1]?.path ?? file);
      return `  ${path.padEnd(width)}  before ${changed.length > 0 ? `a new ${changed.join(', ')}` : 'an edit'}\n`;
    })
    .join('');
}

interface Kept {
  readonly path: string;
  readonly number: number;
  readonly isFile: boolean;
}

function previousFiles(file: string): Kept[] {
  const prefix = `${basename(file)}.previous`;
  return readdirSync(dirname(file), { withFileTypes: true })
    .flatMap((entry): Kept[] => {
      const ending = entry.name.startsWith(prefix) ? /^(?:\.(\d+))?$/.exec(entry.name.slice(prefix.length)) : null;
      if (!ending) return [];
      return [{ path: join(dirname(file), entry.name), number: Number(ending[1] ?? 1), isFile: entry.isFile() }];
    })
    .sort((a, b) => a.number - b.number);
}

function changedNames(before: string, after: string): string[] {
  const [old, now] = [valuesIn(before), valuesIn(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name)).map(printable);
}

function valuesIn(file: string): ReadonlyMap<string, string> {
  return new Map(parseEnvFile(readNamed(file), file).entries.map(({ name, value }) => [canonicalName(name), value]));
}

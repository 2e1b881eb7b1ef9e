import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Finding, Place } from './finding';
import { join } from './paths';
import { readYamlDocuments } from './read-yaml';
import { found } from './reading-rules';

/** An object of the user's own, and where it stands. */
export interface ExtraObject extends Place {
  /** Plain data; the rules see to it that it has a kind and a name. */
  readonly object: Readonly<Record<string, unknown>>;
}

/** The folder beside `environment.yaml` with the user's own objects. */
export const EXTRA = 'extra';

/** Larger than any manifest that the API server takes; a folder is no place for anything else. */
const LARGEST = 2 * 1024 * 1024;

/** Reads the objects in `extra/`, file by file in the order of the names. What cannot be read becomes findings. */
export function readExtra(folder: string, findings: Finding[]): ExtraObject[] {
  const inside = join(folder, EXTRA);
  if (!existsSync(inside) || !statSync(inside).isDirectory()) return [];
  return readdirSync(inside)
    .filter((name) => /^[^.].*\.(ya?ml|json)$/.test(name))
    .sort()
    .flatMap((name) => [...objectsIn(join(inside, name), findings)]);
}

function* objectsIn(file: string, findings: Finding[]): Iterable<ExtraObject> {
  const text = read(file, findings);
  for (const yaml of text === undefined ? [] : readYamlDocuments(text)) {
    for (const problem of yaml.problems) findings.push(found('extra-syntax', { file, field: EXTRA, ...problem }));
    const { value } = yaml;
    if (yaml.problems.length > 0 || value === null || value === undefined) continue;
    const line = yaml.lineOf(yaml.contents);
    if (typeof value === 'object' && !Array.isArray(value)) {
      yield { file, line, object: value as Record<string, unknown> };
      continue;
    }
    const message = 'This is no object of Kubernetes: those are maps with apiVersion, kind and metadata.';
    findings.push(found('extra-syntax', { file, line, field: EXTRA, message, fix: 'Write an object, or remove it.' }));
  }
}

function read(file: string, findings: Finding[]): string | undefined {
  try {
    const about = statSync(file);
    if (about.isFile() && about.size <= LARGEST) return readFileSync(file, 'utf8');
    const message = about.isFile() ? 'The file is larger than 2 MiB.' : 'This is no regular file.';
    findings.push(unreadable(file, message));
  } catch (error) {
    findings.push(unreadable(file, `The file cannot be read (${(error as NodeJS.ErrnoException).code}).`));
  }
  return undefined;
}

function unreadable(file: string, message: string): Finding {
  const fix = 'Make it a regular file with objects of Kubernetes, or move it out of extra/.';
  return found('file-unreadable', { file, line: 0, field: EXTRA, message, fix });
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../container', import.meta.url));

/** The names of the files that run inside pods. */
export const containerFiles = readdirSync(folder).sort();

export function containerPath(name: string): string {
  return join(folder, name);
}

/** The text of a file, which is what a manifest carries: pods run it with `bash -c` or `node --eval`. */
export function containerText(name: string): string {
  return readFileSync(containerPath(name), 'utf8');
}

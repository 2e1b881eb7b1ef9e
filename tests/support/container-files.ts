import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../container', import.meta.url));

/** The programs that run inside pods. */
export const containerFiles = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name)
  .sort();

/** The configuration files that are mounted into pods, as paths below the folder. */
export const configurationFiles = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
  // The renderer's sources are bundled and mounted as base64.
  .filter((path) => !containerFiles.includes(path) && !path.startsWith('renderer/'))
  .sort();

export function containerPath(name: string): string {
  return join(folder, name);
}

/** The text of a file, as it is written. */
export function containerText(name: string): string {
  return readFileSync(containerPath(name), 'utf8');
}

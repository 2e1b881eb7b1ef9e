import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emitted, objectsOf } from '../support/objects';

const root = new URL('../../', import.meta.url).pathname;

/** The folders with manifests by name: the snapshot cases, which other tests hold to the code, and the environments. */
export const folders: ReadonlyMap<string, string> = new Map(
  ['__snapshots__', 'dist'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name): [string, string] => [`${parent}/${name}`, join(root, parent, name)]),
  ),
);

/** The objects in a folder of manifests. */
export function objectsIn(folder: string): Emitted[] {
  const names = readdirSync(folder).sort();
  return objectsOf(new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])));
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emitted, objectsOf } from '../support/objects';

const root = new URL('../../', import.meta.url).pathname;

/**
 * The folders with manifests by name: the snapshot cases, which other tests hold to the code, and the environments. The
 * evaluation is a snapshot case; whether a quickstart has put one into dist/ as well must not change what is judged.
 */
export const folders: ReadonlyMap<string, string> = new Map(
  [...namesIn('__snapshots__'), ...namesIn('dist').filter((name) => name !== 'dist/evaluation')].map((name) => [
    name,
    join(root, name),
  ]),
);

function namesIn(parent: string): string[] {
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
}

/** The objects in a folder of manifests. */
export function objectsIn(folder: string): Emitted[] {
  const names = readdirSync(folder).sort();
  return objectsOf(new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])));
}

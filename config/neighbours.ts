import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Place } from './finding';
import { defaultNamespace } from './secrets/names';

/** Another environment of the same folder, and the place that says which namespace it has. */
export interface Neighbour extends Place {
  readonly name: string;
  readonly namespace: string;
}

/** The environments of a folder with their namespaces. One whose `environment.yaml` does not say is left to its own run. */
export function neighboursIn(folder: string, names: readonly string[]): Neighbour[] {
  return names.flatMap((name) => {
    const file = join(folder, name, 'environment.yaml');
    const stated = namespaceIn(file);
    return stated ? [{ name, file, line: stated.line, namespace: stated.name ?? defaultNamespace(name) }] : [];
  });
}

/** Of the text alone: what else is wrong with a file does not change which namespace it is for. */
function namespaceIn(file: string): { name: string | undefined; line: number } | undefined {
  const lines = new LineCounter();
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, logLevel: 'silent' });
    if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
    const name: unknown = document.toJS().namespace?.name;
    if (name !== undefined && typeof name !== 'string') return undefined;
    const node = document.getIn(['namespace', 'name'], true);
    return { name, line: isNode(node) && node.range ? lines.linePos(node.range[0]).line : 0 };
  } catch {
    return undefined;
  }
}

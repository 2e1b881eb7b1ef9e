import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Place } from './finding';
import { join } from './paths';
import { readNamed } from './read-named';
import { defaultNamespace } from './secrets/names';

/** Another environment of the same folder, and the place that says which namespace it has. */
export interface Neighbour extends Place {
  readonly name: string;
}

/** The other environments that have a namespace, by its name and that of the environment that asks. */
export type Neighbours = (namespace: string, self: string) => Neighbour[];

/**
 * Looks among the environments of a folder. Files are read once, and only those that hold the namespace's name are parsed:
 * with a hundred environments everything else would be parsed twice. One that cannot be read is left to its own run.
 */
export function neighboursIn(folder: string, names: readonly string[]): Neighbours {
  const texts = new Map<string, string>();
  const textOf = (name: string, file: string): string => {
    const text = texts.get(name) ?? read(file);
    texts.set(name, text);
    return text;
  };
  return (namespace, self) =>
    names.flatMap((name) => {
      if (name === self) return [];
      const file = join(folder, name, 'environment.yaml');
      const text = textOf(name, file);
      const isDefault = defaultNamespace(name) === namespace;
      if (text === '' || !(isDefault || text.includes(namespace))) return [];
      const stated = namespaceIn(text);
      return stated && (stated.name ?? defaultNamespace(name)) === namespace ? [{ name, file, line: stated.line }] : [];
    });
}

function read(file: string): string {
  try {
    return readNamed(file).toString();
  } catch {
    return '';
  }
}

/** Of the text alone: what else is wrong with a file does not change which namespace it is for. */
function namespaceIn(text: string): { name: string | undefined; line: number } | undefined {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
    if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
    const name: unknown = document.toJS().namespace?.name;
    if (name !== undefined && typeof name !== 'string') return undefined;
    const node = document.getIn(['namespace', 'name'], true);
    return { name, line: isNode(node) && node.range ? lines.linePos(node.range[0]).line : 0 };
  } catch {
    return undefined;
  }
}

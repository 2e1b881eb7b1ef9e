import { isMap, isScalar, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';

/**
 * A YAML text with one value written at a path of keys, and not another byte changed: comments, blanks and quotes are
 * their author's. Parents that are not there are added at the end.
 *
 * @param value a text that is valid as a YAML scalar in a block and between braces, such as an image reference
 */
export function withYamlValue(text: string, path: readonly string[], value: string): string {
  const { contents } = parseDocument(text);
  let parent: ParsedNode | null = contents;
  for (const [depth, key] of path.entries()) {
    if (!isMap(parent) || parent.items.length === 0) return append(text, path, value);
    const child: unknown = parent.get(key, true);
    if (child === undefined) return insert(text, parent as YAMLMap.Parsed, path.slice(depth), value);
    parent = child as ParsedNode;
  }
  if (!isScalar(parent) || !parent.range) return append(text, path, value);
  return text.slice(0, parent.range[0]) + value + text.slice(parent.range[1]);
}

/** Behind the last entry of a map, in the map's own style. */
function insert(text: string, map: YAMLMap.Parsed, path: readonly string[], value: string): string {
  const first = map.items[0]!.key!.range![0];
  const last = map.items.at(-1)!;
  const end = (last.value?.range ?? last.key.range)[1];
  if (map.flow) {
    const nested = path.slice(1).reduceRight((inner, key) => `{ ${key}: ${inner} }`, value);
    return `${text.slice(0, end)}, ${path[0]}: ${nested}${text.slice(end)}`;
  }
  const indent = first - (text.lastIndexOf('\n', first - 1) + 1);
  // A block that ends with the last entry has its range behind the line break already.
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length;
  const before = text.slice(0, lineEnd);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${lines(path, value, indent)}${text.slice(lineEnd)}`;
}

function append(text: string, path: readonly string[], value: string): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${lines(path, value, 0)}`;
}

function lines(path: readonly string[], value: string, indent: number): string {
  return path
    .map((key, depth) => `${' '.repeat(indent + 2 * depth)}${key}:${depth === path.length - 1 ? ` ${value}` : ''}\n`)
    .join('');
}

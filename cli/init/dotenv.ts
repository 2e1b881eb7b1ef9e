/** What a text of compose refers to: undefined for what is not set. */
export type Lookup = (name: string) => string | undefined;

/** A text in which a reference has no value, or is none. Holds no value. */
export class Unresolved extends Error {}

/**
 * A text with its references filled in as compose does (compose-go, template): `$NAME`, `${NAME}`, `${NAME:-default}` and its
 * siblings, `$$` for a dollar. What is set nowhere is an error here: compose would take it from the shell, or leave it empty.
 */
export function interpolated(text: string, lookup: Lookup): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return out + text.slice(at);
    out += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (rest.startsWith('$')) {
      out += '$';
      at = dollar + 2;
    } else if (name) {
      out += required(name, lookup);
      at = dollar + 1 + name.length;
    } else if (rest.startsWith('{')) {
      const end = closing(rest);
      out += braced(rest.slice(1, end), lookup);
      at = dollar + 2 + end;
    } else throw new Unresolved('a dollar refers to nothing; compose wants $$ for a dollar itself');
  }
  return out;
}

/** A line of an env file as compose reads it. Without a value the variable is taken from around. */
export interface DotenvEntry {
  readonly name: string;
  readonly value: string | undefined;
  readonly line: number;
}

/**
 * An env file as compose reads it (compose-go, dotenv), and unlike `docker run`: quotes are taken off, comments behind values
 * too, and references are filled in, by what stands above and around.
 */
export function dotenv(text: string, around: Lookup): DotenvEntry[] {
  const entries: DotenvEntry[] = [];
  const known = new Map<string, string>();
  const lookup: Lookup = (name) => known.get(name) ?? around(name);
  const LINE =
    /[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)[^\S\n]*(?:[=:][^\S\n]*('(?:\\'|[^'])*'|"(?:\\[\s\S]|[^"\\])*"|[^\n]*))?[^\n]*(?:\n|$)|[^\n]*\n|[^\n]+$/gy;
  const source = text.replace(/^\ufeff/, '').replace(/\r\n/g, '\n');
  let line = 1;
  for (const [all, name, written] of source.matchAll(LINE)) {
    const at = line;
    line += all.split('\n').length - 1;
    if (all.trim() === '' || all.trimStart().startsWith('#')) continue;
    if (name === undefined) throw new Unresolved(`line ${at} sets no variable`);
    const value = written === undefined ? undefined : read(written, lookup);
    if (value !== undefined) known.set(name, value);
    entries.push({ name, value, line: at });
  }
  return entries;
}

function read(written: string, lookup: Lookup): string {
  if (/^'(?:\\'|[^'])*'$/.test(written)) return written.slice(1, -1);
  if (!/^"(?:\\[\s\S]|[^"\\])*"$/.test(written))
    return interpolated(written.replace(/(^|\s+)#.*$/, '').trimEnd(), lookup);
  const body = written
    .slice(1, -1)
    .replace(/\\(["\\nrt])|\\\$/g, (_, letter) => (letter ? (ESCAPES[letter] ?? letter) : '$$'));
  return interpolated(body, lookup);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Where the brace closes that a text begins with. */
function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{' && (at === 0 || text[at - 1] === '$')) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  throw new Unresolved('a reference ${ is not closed');
}

function braced(inner: string, lookup: Lookup): string {
  const [, name, operator = '', word = ''] = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inner) ?? [];
  if (name === undefined) throw new Unresolved('what stands in the braces of a reference is no name of a variable');
  const value = lookup(name);
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator.endsWith('+')) return isSet ? interpolated(word, lookup) : '';
  if (operator.endsWith('-') && !isSet) return interpolated(word, lookup);
  if (operator.endsWith('?') && !isSet) throw new Unresolved(`it refers to ${name}, which is not set`);
  return required(name, lookup);
}

function required(name: string, lookup: Lookup): string {
  const value = lookup(name);
  if (value === undefined) throw new Unresolved(`it refers to ${name}, which is not set`);
  return value;
}

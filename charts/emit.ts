import { unmarked } from './own-keys';

/**
 * YAML that every reader takes for the same thing: kubectl (YAML 1.1 with go-yaml's extras), PyYAML and YAML 1.2.
 *
 * A string stands plain only when no reader can take it for anything else, as a block literal when it is ordinary text
 * of several lines, and otherwise between double quotes with the escapes of JSON. Keys keep their order, `undefined`
 * is left out, and nothing is shared by anchors.
 */
export function emit(documents: readonly unknown[]): string {
  return documents.map((document) => `${node(document, '', '$').trimStart()}\n`).join('---\n');
}

/** What follows `key:` or `-`: a blank and a scalar, or a line break and a block indented by `indent`. */
function node(value: unknown, indent: string, path: string): string {
  switch (typeof value) {
    case 'string':
      return ` ${text(value, indent, path)}`;
    case 'boolean':
      return value ? ' true' : ' false';
    case 'number':
      return ` ${number(value, path)}`;
    case 'object':
      if (value === null) return ' null';
      return Array.isArray(value) ? list(value, indent, path) : map(value, indent, path);
    default:
      throw new TypeError(`${path}: a ${typeof value} cannot be written as YAML`);
  }
}

function map(value: object, indent: string, path: string): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path}: a ${prototype.constructor?.name} cannot be written as YAML, only plain data can`);
  }
  let out = '';
  for (const [written, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const name = unmarked(written);
    const place = `${path}.${name}`;
    out += `\n${indent}${key(name, indent, place)}${node(item, `${indent}  `, place)}`;
  }
  return out || ' {}';
}

function list(value: readonly unknown[], indent: string, path: string): string {
  let out = '';
  for (const [index, item] of value.entries()) {
    if (item === undefined) continue;
    const place = `${path}[${index}]`;
    // A block inside an item starts on the line of its dash, as people write it: `- name: a`.
    const content = node(item, `${indent}  `, place);
    out += `\n${indent}-${content.startsWith('\n') ? ` ${content.slice(indent.length + 3)}` : content}`;
  }
  return out || ' []';
}

/** Readers give up looking for the colon of a key after 1,024 characters, unless a question mark announces it. */
function key(name: string, indent: string, path: string): string {
  const written = plain.test(name) ? name : quoted(name, path);
  return written.length > 1000 ? `? ${written}\n${indent}:` : `${written}:`;
}

function text(value: string, indent: string, path: string): string {
  if (plain.test(value)) return value;
  if (!isLiteral(value)) return quoted(value, path);
  const ends = value.endsWith('\n');
  // An empty line stays empty: blanks on it would be content to some readers.
  const lines = (ends ? value.slice(0, -1) : value).replace(/\n(?!\n)/g, `\n${indent || '  '}`);
  return `${ends ? '|' : '|-'}\n${indent || '  '}${lines}`;
}

/**
 * Words, names, paths and image references. They start with a letter or a slash, so they are no number, date or
 * indicator, and a colon is followed by more of the word. What is left are the words YAML 1.1 takes for booleans, null
 * and numbers, and e7, which the yaml package takes for a number in that mode.
 */
const plain = /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf|e-?\d+)$)[A-Za-z/][\w./@-]*(?::[\w./@-]+)*$/i;

/**
 * Ordinary text of two lines or more. It starts with a visible character: go-yaml refuses a tab there and blanks need an
 * indentation indicator. It has no line of nothing but blanks, which go-yaml loses, no second line break at the end,
 * and no character that a reader refuses, drops or takes for a line break.
 */
function isLiteral(value: string): boolean {
  return (
    value.includes('\n') && /^[^ \t\n]/.test(value) && !/\n(?:[ \t]+(?:\n|$)|\n$)/.test(value) && !strange.test(value)
  );
}

const strange = /[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** JSON's escapes are YAML's too. JSON leaves these as they are, where YAML readers refuse or change them. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function quoted(value: string, path: string): string {
  // No encoding of Unicode can carry half a surrogate pair: a file would hold a replacement character instead.
  if (/\p{Surrogate}/u.test(value)) throw new TypeError(`${path}: holds half a character (a lone surrogate)`);
  return JSON.stringify(value).replace(unprintable, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function number(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`${path}: ${value} cannot be written as YAML`);
  // PyYAML takes 1e+21 for text; 1.0e+21 is a number to everyone.
  return JSON.stringify(value).replace(/^(-?\d+)e/, '$1.0e');
}

import { isPattern, isRow } from './pattern';
import { KNOWN, LENGTHS, LONGEST, NOUNS, ORDERS, PLEAS, POINTERS, SAYING, UNITS, YOURS } from './placeholder-words';

/** What makes a text a placeholder and not a secret. */
export type Placeholder = 'brackets' | 'words' | 'well-known' | 'pattern';

/**
 * Whether a text stands where a secret should: brackets to fill in, words that ask for a secret or that everybody takes for
 * one, or too little in it to be random. Judged by what makes a placeholder and not by a list, so that other spellings are
 * found as well; random values of every usual format, words of a passphrase included, are none.
 */
export function placeholder(value: string): Placeholder | undefined {
  const text = unquoted(value);
  if (text === '') return undefined;
  return judge(text) ?? encoded(text);
}

/**
 * The same of a value that is no secret, where ordinary words and short names are what is expected: only what asks to be
 * replaced.
 */
export function unreplaced(value: string): Placeholder | undefined {
  const text = unquoted(value);
  if (BRACKETS.test(text) || BLANK.test(text) || ELLIPSIS.test(text)) return 'brackets';
  return /replace-with|^your[-_]/i.test(text) || asks(words(text)) ? 'words' : undefined;
}

function judge(text: string): Placeholder | undefined {
  if (/^(n\/?a|none|null|nil|undefined)$/i.test(text)) return 'well-known';
  if (BRACKETS.test(text) || BLANK.test(text) || ELLIPSIS.test(text)) return 'brackets';
  const parts = words(text);
  if (asks(parts)) return 'words';
  if (
    isWellKnown(parts) ||
    isWellKnown(words(plain(text.toLowerCase()))) ||
    isNamed(parts) ||
    DOCUMENTED.some((form) => form.test(text))
  )
    return 'well-known';
  return isPattern(text) ? 'pattern' : undefined;
}

/** Text that was put into base64 is no more random for it. */
function encoded(text: string): Placeholder | undefined {
  if (text.length < 12 || !/^[\w+/-]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('latin1').trimEnd();
  return /^[\x20-\x7e]{8,}$/.test(decoded) ? judge(decoded) : undefined;
}

function unquoted(value: string): string {
  return value
    .trim()
    .replace(/^(['"`])(.*)\1$/s, '$2')
    .trim();
}

/** The whole in brackets or signs that template languages and people put around what is to be filled in. */
const BRACKETS =
  /^(<[\p{L}\d _.,:/'’|-]+>|\[[\p{L}\d _.,:/'’-]+\]|\{\{.*\}\}|[$#]?\{[\w .:?-]+\}|\$\([\w .|'"/+=-]+\)|\$[A-Z_][A-Z0-9_]*|`[\w .|/-]+`|%[A-Za-z_ -]+%|__+[A-Za-z][\w ]*__+|@@\w+@@|\*+[A-Za-z_ -]+\*+)$/u;

/** A word in angle brackets within something longer, such as a header; random texts hardly have one. */
const BLANK =
  /<(?:[a-z]+[ _-])*(?:your|my|the|secret|password|passwd|token|key|user|username|value|insert|fill|replace|change|here|client|api|database|host)(?:[ _-][a-z]+)*>/i;

const ELLIPSIS = /^(\.{2,}|…|-+|\*{2,}|x{3,}(-?x+)*|\?+|_+|todo|tbd|fixme|xxx+.*xxx+)$/i;

/** Samples of big vendors and of guides, which say by themselves what they are. */
const DOCUMENTED = [
  /EXAMPLE(KEY)?$/,
  /^correct.?horse.?battery.?staple$/i,
  /^\w{2,6}[_-](test_|live_)?(x{4,}|\.{2,}|mock\w*|fake\w*)$/i,
];

/** Words in lower case: at what is neither letter nor digit, at humps, and between letters and digits. */
function words(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])(?=\d)|(\d)(?=[A-Za-z])/g, '$1$2 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .flatMap(split);
}

/** A word that is put together from known ones, as `changeme` and `yoursecrethere` are. */
function split(word: string): string[] {
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = Math.max(0, end - LONGEST); start < end && !best[end]; start++) {
      const part = word.slice(start, end);
      const before = best[start];
      if (before && KNOWN.has(part)) best[end] = [...before, part];
    }
  }
  const parts = best[word.length];
  return parts?.some((part) => part.length > 3) ? parts : [word];
}

/** Words that ask for something to be put in the place of the text, and not some letters in a random one. */
function asks(parts: readonly string[]): boolean {
  const all = parts.join('').length;
  const known = parts.filter((word) => word.length > 1 && KNOWN.has(word)).join('').length;
  return parts.some((word, index) => {
    const phrase = phraseAt(parts, index);
    // "here" and "yours" may stand far from what they speak of, and in a passphrase.
    const enough = word === 'here' || (YOURS.has(word) && index > 0) ? 0.75 : 0.6;
    return phrase > 0 && (phrase >= 8 || known >= all * enough);
  });
}

/** How many letters the asking phrase has that begins with a word; 0 without one. */
function phraseAt(parts: readonly string[], index: number): number {
  const [before = '', word = '', next = ''] = [parts[index - 1], parts[index], parts[index + 1]];
  const noun = parts.find((other, at) => at !== index && NOUNS.has(other)) ?? '';
  const both = word.length + next.length;
  if (PLEAS.has(word)) return word.length >= 8 || parts.length <= 2 ? 8 : POINTERS.has(next) ? both : 0;
  if (ORDERS.has(word)) {
    if (/^(this|me|it|with|by)$/.test(next)) return both;
    return POINTERS.has(next) || (SAYING.has(next) && parts.length <= 3) ? word.length : 0;
  }
  if (YOURS.has(word)) return parts.length > 2 && noun === '' ? 0 : index === 0 && word === 'your' ? 8 : word.length;
  if (FOLLOWED[word]?.includes(next)) return both;
  if (word === 'here') return next === '' && noun !== '' ? word.length : 0;
  if (word === 'openssl' || word === 'pwgen') return word.length;
  if (UNITS.has(word) && /^\d+$/.test(before)) {
    return noun !== '' || parts.some((other) => LENGTHS.has(other)) ? word.length : 0;
  }
  return 0;
}

/** Nothing but words that guides have for secrets, and numbers. */
function isWellKnown(parts: readonly string[]): boolean {
  return (
    letters(parts) > 2 &&
    letters(parts) >= parts.filter((word) => !isRow(word)).join('').length / 2 &&
    (parts.length < 3 || parts.some((word) => SAYING.has(word))) &&
    parts.every((word) => KNOWN.has(word) || (/^\d{1,6}$/.test(word) && (word.length < 5 || isRow(word))))
  );
}

function letters(parts: readonly string[]): number {
  return parts.join('').replace(/\P{L}/gu, '').length;
}

/** A name and what it is, such as `acme_secure_password`. */
function isNamed(parts: readonly string[]): boolean {
  const said = parts.filter((word) => !/^\d{1,4}$/.test(word));
  return (
    said.length > 2 && /^(password|passwd|secret)$/.test(said.at(-1)!) && said.slice(1).every((word) => KNOWN.has(word))
  );
}

/** Letters for the digits and signs that people write in their place. */
function plain(text: string): string {
  return text.replace(/[@430$51!]/g, (sign) => LETTERS[sign]!);
}

const LETTERS: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  $: 's',
  '5': 's',
  '1': 'i',
  '!': ' ',
};

const FOLLOWED: Readonly<Record<string, readonly string[] | undefined>> = Object.assign(Object.create(null), {
  not: ['for', 'real', 'secure', 'a', 'set', 'configured', 'safe', 'used'],
  do: ['not'],
  for: ['local', 'development', 'dev', 'testing', 'test', 'demo'],
  at: ['least'],
  must: ['be'],
  should: ['be'],
});

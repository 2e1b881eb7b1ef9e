/** Pieces that readers of YAML disagree about, to be put together at random. */
export const pieces: readonly string[] = [
  ...words(
    '- --- ... + . , / | |- > % @ ` : # & * ! !! ? " \' \\ { } [ ] << = ~ $ ( 0 1 7 8 9 0x 0o 0b _ e E a z Z é 漢 😀 \u{1fffe}',
  ),
  ...words('null true y No off inf .inf NaN 2025-01-01 12:30 \0 \x01 \x1b \x7f \ufffe \uffff \ufffd'),
  ...lines('- |: | #|? |key: value|  deep| |  '),
  ...['\t', '\n', '\n\n', '\r', '\r\n', '\ttab', '\x85', '\xa0', '\u2028', '\u2029', '\ufeff'],
];

/** Strings that one reader or another is known to change, among them all that cdk8s's own writer loses. */
export const known: readonly string[] = [
  ...words('y Y n yes NO on Off true False null Null ~ << = - ? : . ... --- .inf -.Inf .NaN inf nan e0 E12 e-3'),
  ...words('0 -0 +1 0123 08 0o17 -0o2024 0x1F 0b-01 0b11 1e3 1E_36 8e_7 -_11 +_.62 1_000 .5 1.0 1.'),
  ...words(
    '12:30:45 190:20 2025-01-01 2025-01-01T00:00:00Z a: a:b :a /a?b=c @a `a %a &a *a !a | > {} [] " \' \\ \\n a,b',
  ),
  ...words('__proto__ constructor toString'),
  ...lines('| |a: b|a #b'),
  ...['\n', '\t', '\n\n', ' \n', '  \n', 'a\n', 'a\n\n', 'a\nb', 'a\n\nb\n', 'a\n  \nb', 'a \nb ', ' a\nb', '\ta\nb'],
  ...['a\n\tb', 'a\n b', '\n\t{', '\na', 'a\r\nb\r\n', 'a\u0085b\nc', 'a\u2028b\nc', '#\na', '---\na', 'a\n---\nb'],
  ...['%a\nb', '- a\n- b', 'x'.repeat(5000), '😀'.repeat(600), 'word '.repeat(400), '\u0001'.repeat(300)],
  '#!/bin/sh\nset -eu\nif true; then\n  echo "a: b" # c\nfi\n',
  '-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n',
  '{\n  "json": ["\\u0041", null]\n}',
];

function words(text: string): string[] {
  return text.split(' ');
}

function lines(text: string): string[] {
  return text.split('|');
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envLine, parseEnvFile } from '../../config/env-file';

describe('a line of an env file', () => {
  // What released Docker makes of each line (docker/cli pkg/kvfile), and what is said about it.
  test.each<[string, string | Buffer, [string, string][], string[]]>([
    ['sets a variable', 'A=b', [['A', 'b']], []],
    ['may be indented, also with blanks only Go trims', '\u0085\u2003\t A=b', [['A', 'b']], []],
    ['is split at the first equals sign', 'A=b=c', [['A', 'b=c']], []],
    ['may set the empty value', 'A=', [['A', '']], []],
    ['is skipped when it is empty or a comment', '\n   \n#A=b\n  # c\nB=d', [['B', 'd']], []],
    [
      'may be the last without a line feed',
      'A=b\nC=d',
      [
        ['A', 'b'],
        ['C', 'd'],
      ],
      [],
    ],
    ['keeps a # inside a word', 'A=p#w', [['A', 'p#w']], []],
    ['keeps a comment behind the value', 'A=b # c', [['A', 'b # c']], ['env-file-comment']],
    ['keeps a comment in place of the value', 'A=# c', [['A', '# c']], ['env-file-comment']],
    ['keeps double quotes', 'A="b c"', [['A', '"b c"']], ['env-file-quotes']],
    ['keeps single quotes', "A='b'", [['A', "'b'"]], ['env-file-quotes']],
    [
      'keeps quotes with a comment behind them',
      'A="b" # c',
      [['A', '"b" # c']],
      ['env-file-comment', 'env-file-quotes'],
    ],
    ['keeps quotes inside the value without a word', 'A=b"c"d', [['A', 'b"c"d']], []],
    ['keeps JSON without a word', 'A=[{"b": "c"}]', [['A', '[{"b": "c"}]']], []],
    [
      'ends a quoted value with the line',
      'A="b\nC=d"',
      [
        ['A', '"b'],
        ['C', 'd"'],
      ],
      ['env-file-open-quote'],
    ],
    ['keeps a backslash n as two characters', 'A=b\\nc', [['A', 'b\\nc']], []],
    ['keeps trailing blanks', 'A=b  ', [['A', 'b  ']], ['env-file-blanks']],
    ['keeps a blank behind the equals sign', 'A= b', [['A', ' b']], ['env-file-blanks']],
    ['keeps a reference with braces', `A=\${B}`, [['A', `\${B}`]], ['env-file-interpolation']],
    ['keeps a reference with a default', `A=x-\${B:-c}`, [['A', `x-\${B:-c}`]], ['env-file-interpolation']],
    [
      'keeps a reference without braces',
      'A=http://$HOST_NAME/',
      [['A', 'http://$HOST_NAME/']],
      ['env-file-interpolation'],
    ],
    ['keeps a dollar in a password without a word', 'A=pa$w0rd$$x$1', [['A', 'pa$w0rd$$x$1']], []],
    [
      'may use the reference the server expands',
      `A=\${NEXT_PUBLIC_STACK_PORT_PREFIX:-81}02`,
      [['A', `\${NEXT_PUBLIC_STACK_PORT_PREFIX:-81}02`]],
      [],
    ],
    ['keeps an invisible character', 'A=b\u200bc', [['A', 'b\u200bc']], ['env-file-invisible']],
    [
      'loses its carriage return',
      'A=b\r\nC=d\r\n',
      [
        ['A', 'b'],
        ['C', 'd'],
      ],
      ['env-file-crlf'],
    ],
    ['keeps a carriage return inside', 'A=b\rc', [['A', 'b\rc']], []],
    ['loses a byte order mark at the start of the file', '\ufeffA=b', [['A', 'b']], ['env-file-bom']],
    [
      'keeps a byte order mark elsewhere',
      'A=b\n\ufeffC=d',
      [
        ['A', 'b'],
        ['\ufeffC', 'd'],
      ],
      [],
    ],
    [
      'overrides an earlier one',
      'A=b\nA=c',
      [
        ['A', 'b'],
        ['A', 'c'],
      ],
      ['env-file-duplicate'],
    ],
    ['is refused with export', 'export A=b\nC=d', [['C', 'd']], ['env-file-export']],
    ['is refused with a blank before the equals sign', 'A =b\nC=d', [['C', 'd']], ['env-file-blank-in-name']],
    ['is refused in YAML’s form', 'A: b\nC=d', [['C', 'd']], ['env-file-blank-in-name']],
    ['is refused without a name', '=b\nC=d', [['C', 'd']], ['env-file-no-name']],
    ['is taken from the host without an equals sign', 'A_B\nC=d', [['C', 'd']], ['env-file-bare-name']],
    ['is refused with a NUL', 'A=b\0c', [['A', 'b\0c']], ['env-file-nul']],
    ['is refused when it is not UTF-8', Buffer.from('A=\xff\nC=d', 'latin1'), [['C', 'd']], ['env-file-encoding']],
    ['is refused from UTF-16', Buffer.from('\ufeffA=b\n', 'utf16le'), [], ['env-file-bare-name', 'env-file-encoding']],
    [
      'may have 65535 bytes',
      `A=${'x'.repeat(65533)}\nC=d`,
      [
        ['A', 'x'.repeat(65533)],
        ['C', 'd'],
      ],
      [],
    ],
    ['is refused with 65536 bytes', `A=${'x'.repeat(65534)}\nC=d`, [['C', 'd']], ['env-file-long-line']],
  ])('%s', (_, text, entries, rules) => {
    const parsed = parseEnvFile(text, 'hexclave.env');
    expect(parsed.entries.map(({ name, value }) => [name, value])).toEqual(entries);
    expect(parsed.findings.map((finding) => finding.rule).sort()).toEqual(rules);
  });
});

describe('a finding in an env file', () => {
  test('stops the run where Docker refuses the file or asks the host, and only warns where a value surprises', () => {
    const refused = ['export A=1', 'A =1', '=1', 'A', 'A=\0', `A=${'x'.repeat(70_000)}`];
    const surprising = ['A="1"', 'A="1', 'A=1 # c', 'A=1 ', `A=\${B}`, 'A=\u00a01', '\ufeffA=1', 'A=1\r\n', 'A=1\nA=1'];
    const severities = (text: string) => parseEnvFile(text, 'f').findings.map(({ severity }) => severity);
    for (const text of refused) expect(severities(text), text).toEqual(['error']);
    for (const text of surprising) expect(new Set(severities(text)), text).toEqual(new Set(['warning']));
  });

  test('has file, line and name', () => {
    const [finding] = parseEnvFile('# first\nA=1\nexport STACK_SERVER_SECRET=1', 'some/secrets.env').findings;
    expect(finding).toMatchObject({ file: 'some/secrets.env', line: 3, field: 'STACK_SERVER_SECRET' });
  });

  test.each([
    ['correct', '(name withheld)'],
    ['correct_horse_battery', '(name withheld)'],
    ['CORRECTHORSE', '(name withheld)'],
    ['CORRECT_HORSE', '(name withheld)'],
    ['export correct', '(name withheld)'],
    ['correct horse', '(name withheld)'],
    ['CRON_SECRET', 'CRON_SECRET'],
    ['export HEXCLAVE_SERVER_SECRET', 'HEXCLAVE_SERVER_SECRET'],
    ['export https_proxy=x', 'https_proxy'],
  ])('of a line without an equals sign repeats a name only when the server knows it: %j', (text, field) => {
    expect(parseEnvFile(text, 'f').findings).toMatchObject([{ field }]);
  });

  test('of a double names both lines', () => {
    const [finding] = parseEnvFile('A=1\nB=2\nA=3', 'f').findings;
    expect(finding).toMatchObject({ line: 3, field: 'A', message: expect.stringContaining('Line 1') });
  });

  test('of CRLF comes once, at the first such line', () => {
    const { findings } = parseEnvFile('A=1\nB=2\r\nC=3\r\n', 'f');
    expect(findings.map(({ rule, line }) => [rule, line])).toEqual([['env-file-crlf', 2]]);
  });

  test('never repeats text of a key that spreads over lines', () => {
    const body = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQDB+x/a9', 'q0w8Zg=='];
    const { findings, entries } = parseEnvFile(`KEY="-----BEGIN\n${body.join('\n')}\n-----END"`, 'f');
    expect(findings.length).toBeGreaterThanOrEqual(4);
    for (const part of body) expect(JSON.stringify(findings)).not.toContain(part.slice(0, 6));
    expect(entries.map(({ name }) => name)).toEqual(['KEY', 'q0w8Zg']);
  });
});

describe('envLine', () => {
  test.each([
    ['a line feed', 'A', 'b\nc'],
    ['a carriage return', 'A', 'b\r'],
    ['a NUL', 'A', '\0'],
    ['half of a surrogate pair', 'A', '\ud800'],
    ['64 KiB', 'A', 'x'.repeat(65534)],
    ['a name with a blank', 'A B', 'c'],
    ['a name with an equals sign', 'A=B', 'c'],
    ['a name that reads as a comment', '#A', 'c'],
    ['no name', '', 'c'],
  ])('has no line for %s', (_, name, value) => {
    expect(envLine(name, value)).toBeUndefined();
  });

  test('and the reader agree on every list of variables the syntax can hold', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({
        unit: fc.constantFrom(' ', '\t', '#', '=', '"', "'", '$', '{', '}', '\\', '\u00a0', '\ufeff', 'é', 'x'),
      }),
    );
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/), anyText);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, anyText), { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (list, end) => {
        const held = list.filter(([of, value]) => envLine(of, value) !== undefined);
        const text = held.map(([of, value]) => envLine(of, value) + end).join('');
        const { entries } = parseEnvFile(text, 'f');
        expect(entries.map((entry) => [entry.name, entry.value])).toEqual(held);
      }),
      { numRuns: 200 },
    );
  });

  test('holds every value without line breaks and NUL under a usual name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        fc.pre(!/[\r\n\0]|\p{Surrogate}/u.test(value));
        expect(envLine('STACK_SERVER_SECRET', value)).toBe(`STACK_SERVER_SECRET=${value}`);
      }),
    );
  });
});

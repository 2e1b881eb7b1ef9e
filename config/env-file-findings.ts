import { canonicalName, variable } from './contract';
import type { Finding } from './finding';
import { found } from './reading-rules';

/** A finding whose place the reader of the file fills in. */
type Remark = Omit<Finding, 'file' | 'line'>;

/** What may surprise in a line that Docker accepts. No value is ever repeated, for it may be a secret. */
export function* judgeLine(entry: { name: string; value: string }, earlier: number | undefined): Iterable<Remark> {
  const { value } = entry;
  const field = printable(entry.name);
  for (const surprise of SURPRISES) {
    if (surprise.in(value)) yield { ...surprise.finding, field };
  }
  if (/\0/.test(entry.name + value)) yield { ...NUL, field };
  if (earlier !== undefined) {
    yield found('env-file-duplicate', {
      field,
      message: `Line ${earlier} sets the variable too; Docker takes the last line, so line ${earlier} has no effect.`,
      fix: `Keep one of the two lines.`,
    });
  }
}

/**
 * What is wrong with a line, or a file, that Docker refuses, skips or silently repairs. A line without an equals sign may
 * be a value that got there by itself: only a name that the server knows is repeated then.
 */
export function notAVariable(kind: keyof typeof LINES, written = '', equalsSign = true): Remark {
  const name = written.replace(/^export[ \t]+/, '');
  const known = equalsSign || variable(canonicalName(name)) !== undefined;
  return { ...LINES[kind], field: written === '' ? 'line' : known ? printable(name) : WITHHELD };
}

export function tooLong(): Remark {
  return found('env-file-long-line', {
    field: 'line',
    message: 'The line is 64 KiB or longer; Docker rejects the whole file.',
    fix: 'Shorten the value, or give it in environment.yaml under env.',
  });
}

export function tooMany(most: number): Remark {
  return found('env-file-many-lines', {
    field: 'line',
    message: `The file has more than ${most.toLocaleString('en')} lines besides comments, several times what the server has variables; nothing of it was read.`,
    fix: 'Keep the variables of the server in it, a line each.',
  });
}

/**
 * A variable's name fit for a message. Text that does not look like one is withheld: when someone puts a private key in
 * quotes over several lines, its second line stands where Docker's syntax has a name.
 */
export function printable(name: string): string {
  const usual = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$|^[A-Z]{1,16}$|^[a-z]+(_[a-z]+)*$/;
  return usual.test(name) && name.length <= 80 ? name : WITHHELD;
}

const WITHHELD = '(name withheld)';

const NUL = found('env-file-nul', {
  message: 'The line holds a NUL character; no environment variable can carry one, so no container would start.',
  fix: 'Remove the character; if the file was saved as UTF-16, save it as UTF-8.',
});

const LINES = {
  encoding: found('env-file-encoding', {
    message: 'The line is not valid UTF-8; Docker rejects the whole file.',
    fix: 'Save the file as UTF-8.',
  }),
  bom: found('env-file-bom', {
    message: 'The file begins with a byte order mark; Docker strips it, other readers make it part of the first name.',
    fix: 'Save the file as UTF-8 without BOM.',
  }),
  crlf: found('env-file-crlf', {
    message:
      'Lines end in CRLF from here on; Docker drops the carriage return, other readers make it part of every value.',
    fix: 'Save the file with LF line ends.',
  }),
  'no-name': found('env-file-no-name', {
    message: 'There is no name before the equals sign; Docker rejects the whole file.',
    fix: 'Write NAME=value, or remove the line.',
  }),
  'blank-name': found('env-file-blank-in-name', {
    message: 'There is a blank in the name or before the equals sign; Docker rejects the whole file.',
    fix: 'Write NAME=value without blanks around the equals sign.',
  }),
  export: found('env-file-export', {
    message:
      'The line begins with export as in a shell script; Docker takes the word for a part of the name and rejects the whole file.',
    fix: 'Remove the word export.',
  }),
  'bare-name': found('env-file-bare-name', {
    message:
      'The line has no equals sign; Docker would take the value from the environment of whoever runs it, or leave the variable out.',
    fix: 'Write NAME=value. If the line belongs to a value of several lines: this syntax has none.',
  }),
} satisfies Record<string, Omit<Remark, 'field'>>;

/** Values that Docker keeps as they are although they look as if something else was meant. */
const SURPRISES: readonly { in(value: string): boolean; finding: Omit<Remark, 'field'> }[] = [
  {
    in: isQuoted,
    finding: found('env-file-quotes', {
      message: 'The value is in quotes; Docker keeps them as part of the value.',
      fix: 'Remove the quotes, unless the value really has them.',
    }),
  },
  {
    in: (value) => /^['"]/.test(value) && !value.includes(value.charAt(0), 1),
    finding: found('env-file-open-quote', {
      message: 'The value opens a quote that the line does not close; Docker ends the value with the line.',
      fix: 'Write the value on one line without quotes; give a value of several lines in environment.yaml under env.',
    }),
  },
  {
    in: (value) => /^#|\s#/.test(value),
    finding: found('env-file-comment', {
      message:
        'There is a # in the value as if a comment followed; Docker makes it and all behind it part of the value.',
      fix: 'Put the comment on a line of its own, unless the value really has it.',
    }),
  },
  {
    in: (value) => /^\s|\s$/.test(value),
    finding: found('env-file-blanks', {
      message: 'The value begins or ends with a blank; Docker keeps it as part of the value.',
      fix: 'Remove the blank, unless the value really has it.',
    }),
  },
  {
    // The server itself expands ${NEXT_PUBLIC_STACK_PORT_PREFIX:-81} inside values
    // (docs/explanation/server.md#variables).
    in: (value) => INTERPOLATION.test(value.replace(/\$\{NEXT_PUBLIC_(STACK|HEXCLAVE)_PORT_PREFIX:-81\}/g, '')),
    finding: found('env-file-interpolation', {
      message: 'The value refers to another variable as in a compose file; Docker keeps the reference as plain text.',
      fix: 'Write out what the reference stands for, unless the value really has it.',
    }),
  },
  {
    in: (value) => /[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/.test(value),
    finding: found('env-file-invisible', {
      message: 'The value holds a character that cannot be seen, such as a no-break or zero-width space.',
      fix: 'Type the value again instead of pasting it, unless it really has the character.',
    }),
  },
];

/** A value in quotes, blanks or a comment behind them set aside. */
function isQuoted(value: string): boolean {
  const bare = value.replace(/\s+#.*$/s, '').trimEnd();
  return bare.length > 1 && /^['"]/.test(bare) && bare.endsWith(bare.charAt(0));
}

/** `${…}` anywhere; `$NAME` only as a word of capitals, for a dollar is no rarity in a password. */
const INTERPOLATION = /\$\{[A-Za-z_]|(?<![A-Za-z0-9$])\$[A-Z_][A-Z0-9_]{2,}(?![A-Za-z0-9])/;

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readYaml } from '../../config/read-yaml';
import { parseSealedFile } from '../../config/secrets/sealed-file';
import { parseSopsFile } from '../../config/secrets/sops-file';
import { parseSettings } from '../../config/yaml-file';

const canary = `zq${randomBytes(8).toString('hex')}`;

/** What a text that was not put in quotes can begin or go on with, and what YAML takes it for. */
const UNQUOTED = [
  `*${canary}`,
  `*.${canary}.io`,
  `&${canary}`,
  `&${canary} *${canary}`,
  `!${canary} x`,
  `!!${canary} x`,
  `!<${canary}> x`,
  `| ${canary}`,
  `> ${canary}`,
  `%${canary}`,
  `@${canary}`,
  `\`${canary}`,
  `"${canary}\\q"`,
  `"${canary}`,
  `'${canary}' ${canary}`,
  `[${canary}`,
  `{{ ${canary} }}`,
  `${canary}: ${canary}: ${canary}`,
  `a\n\t${canary}`,
  `a\n--- ${canary}`,
  `x\n%${canary}\n---\n`,
];

describe('a text that was not put in quotes', () => {
  test.each(UNQUOTED.map((value) => [value.replaceAll(canary, 'CANARY'), value]))(
    'is a finding or a value, and is repeated in none: %j',
    (_, value) => {
      const printed: string[] = [];
      const warn = process.emitWarning;
      process.emitWarning = (warning) => void printed.push(String(warning));
      try {
        const findings = [
          ...parseSettings(`image: { tag: a }\nenv:\n  SMTP_PASSWORD: ${value}\n`, 'environment.yaml').findings,
          ...parseSettings(`image: { tag: ${value} }\n`, 'environment.yaml').findings,
          ...parseSettings(`${value}: a\n`, 'environment.yaml').findings,
          ...parseSealedFile(`CRON_SECRET:\n  ciphertext: ${value}\n  label: a\n`, 'secrets.sealed.yaml').findings,
          ...parseSopsFile(`kind: ${value}\ndata: {}\nsops: {}\n`, 'secrets.sops.yaml', 'hexclave-secrets').findings,
        ];
        expect(findings.length).toBeGreaterThan(0);
        expect(JSON.stringify(findings) + printed.join()).not.toContain(canary);
      } finally {
        process.emitWarning = warn;
      }
    },
  );

  test.each([
    ['*.acme.io', 4],
    ['!vault db', 4],
    ['{{ password }}', 4],
    ['@acme', 4],
    ['a: b: c', 4],
  ])('is told with its line that quotes mend it: %s', (value, line) => {
    const { problems } = readYaml(`image:\n  tag: a\nenv:\n  SMTP_PASSWORD: ${value}\n`);
    expect(problems[0]).toEqual({
      line,
      message: expect.stringMatching(/^This is not valid YAML: .*\.$/),
      fix: 'Put the text in quotes.',
    });
  });

  test('is what it was meant to be once it is in quotes', () => {
    for (const value of UNQUOTED.filter((text) => !text.includes('\n')))
      expect(readYaml(`a: ${JSON.stringify(value)}`)).toMatchObject({ value: { a: value }, problems: [] });
  });
});

describe('aliases', () => {
  test('stand for what was given a name before', () => {
    expect(readYaml('a: &x { b: 1 }\nc: *x').value).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  test.each([
    ['in what they stand for', 'a: &x [*x]'],
    [
      'of aliases without end',
      Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n ? `*a${n - 1},`.repeat(9) : ''}1]`).join('\n'),
    ],
  ])('are a finding when they are %s', (_, text) => {
    expect(readYaml(text)).toMatchObject({ value: undefined, problems: [expect.anything()] });
  });
});

test('a text that is nested too deeply is a finding', () => {
  expect(readYaml(`a: ${'['.repeat(20_000)}`).problems.length).toBeGreaterThan(0);
});

test('the name of a field is not repeated when a value may be a part of it', () => {
  const { findings } = parseSettings(`image: { tag: a }\nenv: { SMTP_PASSWORD:${canary} }\n${canary}:x: y\n`, 'e.yaml');
  expect(findings.length).toBe(2);
  expect(JSON.stringify(findings)).not.toContain(canary);
});

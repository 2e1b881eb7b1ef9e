import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importEnvFile } from '../../cli/init/imported';
import { adoptedName } from '../../config/aliases';
import { canonicalName, contract, isSettable, looksSecret, nearestName, stem, variable } from '../../config/contract';
import { foreignNames, foreignParts } from '../../config/contract/foreign-names';
import { parseEnvFile } from '../../config/env-file';
import { judge } from '../../config/rules';
import { draft, fresh } from '../support/draft';

const foreign = Object.entries(foreignNames).flatMap(([target, names]) => names.map((name) => ({ name, target })));
const parts = foreignParts.flatMap(({ of, names }) => names.map((name) => ({ name, of })));

describe('the table of foreign names', () => {
  test('leads to variables that a user may set, and from each name to one alone', () => {
    for (const { name, target } of foreign) expect(isSettable(variable(target)!), name).toBe(true);
    for (const { name, of } of parts) for (const target of of) expect(variable(target), name).toBeDefined();
    const all = [...foreign, ...parts].map(({ name }) => name);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });

  test('has no name that the server reads', () => {
    for (const { name } of [...foreign, ...parts])
      expect(
        contract.some((item) => item.name === name),
        name,
      ).toBe(false);
  });

  test('publishes nothing that looks secret', () => {
    for (const { name, target } of foreign) {
      if (looksSecret(name) && !/PUBLISHABLE/.test(name)) expect(variable(target)!.secret, name).toBe(true);
    }
  });
});

describe.each(['', 'STACK_', 'HEXCLAVE_', 'STACK_AUTH_', 'NEXT_PUBLIC_STACK_'])('behind "%s"', (prefix) => {
  const isKnown = (written: string) => variable(canonicalName(written)) !== undefined;
  const about = (names: readonly string[]) => {
    const findings = judge(draft({ secrets: Object.fromEntries(names.map((name) => [name, fresh()])) }));
    return new Map(findings.filter(({ rule }) => rule === 'foreign-name').map((finding) => [finding.field, finding]));
  };

  test('every foreign name is found, and named as the server does', () => {
    const written = foreign.map(({ name, target }) => ({ name: `${prefix}${name}`, target }));
    const found = about(written.map(({ name }) => name));
    for (const { name, target } of written.filter((item) => !isKnown(item.name))) {
      expect(found.get(name)?.message, name).toContain(target);
    }
  });

  test('every part is found, and what it is a part of', () => {
    const written = parts.map(({ name, of }) => ({ name: `${prefix}${name}`, of }));
    const found = about(written.map(({ name }) => name));
    for (const { name, of } of written.filter((item) => !isKnown(item.name))) {
      for (const target of of) expect(found.get(name)?.message, name).toContain(target);
    }
  });
});

test.each([
  ['DATABASE_URL', 'STACK_DATABASE_CONNECTION_STRING'],
  ['STACK_DIRECT_DATABASE_CONNECTION_STRING', 'MIGRATION_DATABASE_CONNECTION_STRING'],
  ['HEXCLAVE_DIRECT_DATABASE_CONNECTION_STRING', 'MIGRATION_DATABASE_CONNECTION_STRING'],
  ['SMTP_FROM', 'STACK_EMAIL_SENDER'],
  ['CLICKHOUSE_URL', 'STACK_CLICKHOUSE_URL'],
  ['CLICKHOUSE_EXTERNAL_PASSWORD', 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD'],
  ['S3_BUCKET', 'STACK_S3_BUCKET'],
  ['AWS_SECRET_ACCESS_KEY', 'STACK_S3_SECRET_ACCESS_KEY'],
  ['OPENROUTER_KEY', 'STACK_OPENROUTER_API_KEY'],
  ['SERVER_SECRET', 'STACK_SERVER_SECRET'],
  ['EMAIL_HOST', 'STACK_EMAIL_HOST'],
  ['GITHUB_CLIENT_SECRET', 'STACK_GITHUB_CLIENT_SECRET'],
  ['AUTH_GOOGLE_ID', 'STACK_GOOGLE_CLIENT_ID'],
  ['STACK_API_URL', 'NEXT_PUBLIC_STACK_API_URL'],
  ['NEXT_PUBLIC_API_URL', 'NEXT_PUBLIC_STACK_API_URL'],
  ['HEXCLAVE_DASHBOARD_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL'],
])('%s is taken over as %s', (written, name) => {
  expect(adoptedName(written)).toBe(name);
});

test('another program’s variables keep their names', () => {
  for (const name of [
    'TZ',
    'PORT',
    'NODE_ENV',
    'REDIS_URL',
    'JWT_SECRET',
    'SENTRY_DSN',
    'LOG_LEVEL',
    'STACK_SERVER_SECRET',
  ]) {
    expect(adoptedName(name)).toBe(name);
  }
});

describe('what init makes of a foreign name', () => {
  const run = (text: string) => importEnvFile(parseEnvFile(text, 'x.env').entries);
  const value = fc.stringMatching(/^[a-z0-9]{8,20}$/);

  test('takes the value over under the right name, says so, and makes nothing up in its place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...foreign), value, ({ name, target }, text) => {
        const { config, secrets, remarks, generated } = run(`${name}=${text}\n`);
        expect(`\n${variable(target)!.secret ? secrets : config}`).toContain(`\n${target}=${text}\n`);
        expect(remarks).toMatchObject([{ name, fate: expect.stringContaining(`as ${target}`) }]);
        expect(generated).not.toContain(target);
      }),
    );
  });

  test('leaves out what says the same, and what is empty beside a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...foreign), value, fc.boolean(), ({ name, target }, text, first) => {
        for (const other of [text, '']) {
          const lines = [`${name}=${other}`, `${target}=${text}`];
          const { config, secrets, remarks } = run((first ? lines : lines.reverse()).join('\n'));
          expect(`\n${config}${secrets}`.split(`${target}=${text}\n`)).toHaveLength(2);
          expect(config + secrets).not.toMatch(new RegExp(`^${name}=`, 'm'));
          expect(remarks.some(({ attention }) => attention)).toBe(false);
        }
      }),
    );
  });

  test('keeps both where they differ, each under its own name, and asks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...foreign), value, ({ name, target }, text) => {
        const { config, secrets, remarks } = run(`${name}=${text}1\n${target}=${text}2\n`);
        expect(`\n${config}${secrets}`).toContain(`\n${name}=${text}1\n`);
        expect(`\n${config}${secrets}`).toContain(`\n${target}=${text}2\n`);
        expect(remarks.map(({ attention }) => attention)).toEqual([true, true]);
      }),
    );
  });
});

describe('the hint at a misspelt name', () => {
  const settable = contract.filter(isSettable);
  const slip = fc
    .tuple(
      fc.constantFrom(...settable),
      fc.nat(),
      fc.constantFrom('drop', 'double', 'swap'),
      fc.constantFrom('STACK_', 'HEXCLAVE_', ''),
    )
    .map(([{ name }, at, kind, prefix]) => {
      const word = stem(name);
      const i = at % Math.max(1, word.length - 1);
      const head = word.slice(0, i);
      const written =
        kind === 'drop'
          ? head + word.slice(i + 1)
          : kind === 'double'
            ? head + word[i] + word.slice(i)
            : head + word[i + 1] + word[i] + word.slice(i + 2);
      return prefix + written;
    });

  test('never proposes a public variable for a name that looks secret', () => {
    fc.assert(
      fc.property(slip, (written) => {
        const hint = nearestName(written);
        if (hint && looksSecret(written) && !/PUBLISHABLE|SITE_KEY/.test(written))
          expect(variable(hint)!.secret).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('never proposes a variable that is set already', () => {
    fc.assert(
      fc.property(slip, (written) => {
        const hint = nearestName(written);
        if (hint) expect(nearestName(written, (name) => name === hint)).not.toBe(hint);
      }),
      { numRuns: 500 },
    );
    const misspelt = judge(draft({ secrets: { STACK_SEVER_SECRET: fresh() } }));
    expect(misspelt.find(({ field }) => field === 'STACK_SEVER_SECRET')!.fix).not.toContain('STACK_SERVER_SECRET');
  });
});

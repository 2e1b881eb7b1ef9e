import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contract, variable } from '../../config/contract';
import { parseEnvFile } from '../../config/env-file';
import type { Finding } from '../../config/finding';
import { judge, rules } from '../../config/rules';
import { type Changes, draft } from '../support/draft';
import { cases } from './rule-cases';
import { MAIL } from './rule-cases/case';

const found = (changes: Changes) => judge(draft(changes)).map(({ rule }) => rule);

test('an environment in good order has no findings', () => {
  expect(judge(draft())).toEqual([]);
});

test('every rule has drafts that trip it and near misses, and no case is left over', () => {
  expect(Object.keys(cases).sort()).toEqual(rules.map(({ id }) => id).sort());
  for (const [id, { trips, spares }] of Object.entries(cases)) {
    expect(trips.length, id).toBeGreaterThan(0);
    expect(spares.length, id).toBeGreaterThan(0);
  }
});

describe.each(Object.entries(cases))('%s', (id, { trips, spares }) => {
  test.each(trips.map((changes) => ({ changes })))('is found in $changes', ({ changes }) => {
    expect(found(changes)).toContain(id);
  });

  test.each(spares.map((changes) => ({ changes })))('is not found in $changes', ({ changes }) => {
    expect(found(changes)).not.toContain(id);
  });
});

test.each(rules.map(({ id, severity }) => ({ id, severity })))(
  'the findings of $id are as severe as the reference says',
  ({ id, severity }) => {
    const found = cases[id as keyof typeof cases]!.trips.flatMap((changes) => judge(draft(changes))).flatMap(
      (finding) => (finding.rule === id ? [finding.severity] : []),
    );
    expect([...new Set(found)].sort()).toEqual(severity === 'depends' ? ['error', 'warning'] : [severity]);
  },
);

test('findings are sorted, and each says where, what and how to mend it', () => {
  const all = Object.values(cases).flatMap(({ trips }) => trips.map((changes) => judge(draft(changes))));
  for (const findings of all) {
    const places = findings.map(
      ({ file, line, field, rule }) => `${file} ${String(line).padStart(4, '0')} ${field} ${rule}`,
    );
    expect(places).toEqual([...places].sort());
  }
  for (const { file, field, message, fix } of all.flat()) {
    expect(file).toMatch(/^(config\.env|secrets\.env|environment\.yaml|secrets\.sealed\.yaml|extra\/own\.yaml)$/);
    expect(field).toMatch(/^\S+$|^\(name withheld\)$/);
    expect(message).toMatch(/^\S.*[.!]$/);
    expect(fix.length).toBeGreaterThan(5);
  }
});

test('every risky value of the contract is found with its own severity, and every harmless one is not', () => {
  for (const { name, risk } of contract) {
    if (!risk) continue;
    const at = (value: string) =>
      judge(draft({ secrets: { [name]: value } })).find(({ rule }) => rule === 'risky-value');
    expect(at(risk.on?.[0] ?? 'yes'), name).toMatchObject({ severity: risk.severity, field: name });
    for (const value of risk.except ?? []) expect(at(value), name).toBeUndefined();
    if (risk.on) expect(at('something else'), name).toBeUndefined();
  }
});

test('what comes from another Secret is neither missing nor judged', () => {
  const names = contract.filter(({ secret, owner }) => secret && !owner).map(({ name }) => name);
  const env = Object.fromEntries(names.map((name) => [name, { secret: 'elsewhere', key: 'value' }]));
  const unset = Object.fromEntries(names.map((name) => [name, undefined]));
  const config = { ...MAIL, STACK_QSTASH_URL: 'http://localhost:8080' };
  const findings = judge(draft({ config, secrets: unset, env }));
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('no finding repeats a value', () => {
  const names = [...contract.map(({ name }) => name), 'SOME_UNKNOWN_VARIABLE', 'SOME_UNKNOWN_PASSWORD'];
  const canary = `zq${randomBytes(8).toString('hex')}`;
  const expectNoTrace = (findings: readonly Finding[]) => {
    expect(JSON.stringify(findings).toLowerCase()).not.toContain(canary);
  };

  test.each(disguises(canary).map((value) => [JSON.stringify(value).replaceAll(canary, '…'), value]))(
    '%s',
    (_, value) => {
      const everywhere = Object.fromEntries(names.map((name) => [name, value]));
      const modes = [
        {},
        { secrets: { mode: 'existing', name: 'given' } },
        { edge: { type: 'none' } },
        { stores: { postgres: { mode: 'bundled' }, clickhouse: { mode: 'bundled' } } },
      ];
      for (const settings of modes) {
        for (const source of ['config', 'secrets', 'env'])
          expectNoTrace(judge(draft({ settings, [source]: everywhere })));
      }
      for (const mode of ['sealed-secrets', 'sops']) {
        expectNoTrace(judge(draft({ settings: { secrets: { mode } }, sealing: true, secrets: everywhere })));
      }
      // One at a time as well, for a value may hide behind the finding about another.
      for (const name of names.filter((of) => variable(of)?.secret ?? true)) {
        expectNoTrace(judge(draft({ secrets: { [name]: value } })));
        const text = [`${name}=${value}`, value, `export ${value}`, `${name} =${value}`].join('\n');
        expectNoTrace(parseEnvFile(text, 'secrets.env').findings);
      }
    },
  );
});

/** Values in which a message might be tempted to name a part. */
function disguises(canary: string): string[] {
  return [
    canary,
    ` ${canary} # ${canary}`,
    `"${canary}"`,
    `'${canary}`,
    `\${${canary}}`,
    `${canary}\n`,
    `replace-with-${canary}`,
    `https://${canary}:${canary}@${canary}.example.com:9000/${canary}?${canary}=${canary}#${canary}`,
    `http://${canary}`,
    `postgresql://${canary}:${canary}@${canary}/${canary}?sslmode=${canary}&schema=${canary}&sslrootcert=${canary}`,
    `postgresql://${canary}:${canary}@${canary},${canary}/${canary}`,
    `postgresql://${canary}#${canary}`,
    `{"${canary}":["${canary}"]}`,
    `${canary}@example.com`,
    `${canary}\u00a0\0`,
    `Authorization=Bearer ${canary} -----BEGIN PRIVATE KEY-----${canary}`,
  ];
}

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { contract } from '../../config/contract';
import { rotationOf } from '../../config/contract/rotation';
import { fileRules } from '../../config/reading-rules';
import { judge, rules } from '../../config/rules';
import { acceptRules, NEVER_ACCEPTED } from '../../config/rules/accept';
import { type Changes, draft, fresh } from '../support/draft';
import { cases } from './rule-cases';

const reason = 'In use since 2024, to be rotated in March';
const errors = Object.entries(cases).flatMap(([rule, { trips }]) =>
  trips
    .filter((changes) => judge(draft(changes)).some((found) => found.rule === rule && found.severity === 'error'))
    .map((changes) => ({ rule, changes })),
);
const accepting = (changes: Changes, ...accept: unknown[]) =>
  judge(draft({ ...changes, settings: { ...changes.settings, accept } }));

describe('accept', () => {
  test.each(errors.filter(({ rule }) => !NEVER_ACCEPTED.has(rule)))(
    'makes warnings of $rule with its reason: $changes',
    ({ rule, changes }) => {
      const found = accepting(changes, { rule, reason });
      const accepted = found.filter((item) => item.rule === rule);
      // Without its public hosts there is nothing to write.
      if (found.some((item) => item.rule === 'accept-refused'))
        return expect(accepted.map(({ field }) => field).join()).toMatch(/_(API|DASHBOARD)_URL|STACK_BASE_URL/);
      for (const { severity, message } of accepted) {
        expect(severity).toBe('warning');
        expect(message).toContain(`Accepted: ${reason}.`);
      }
      expect(found.map((item) => item.rule)).not.toContain('accept-unused');
    },
  );

  test.each(errors.filter(({ rule }) => NEVER_ACCEPTED.has(rule)))(
    'leaves $rule an error, and says why: $changes',
    ({ rule, changes }) => {
      const found = accepting(changes, { rule, reason });
      expect(found.some((item) => item.rule === rule && item.severity === 'error')).toBe(true);
      expect(found.find((item) => item.rule === 'accept-refused')).toMatchObject({
        severity: 'error',
        field: 'accept.0',
      });
    },
  );

  test('names in its list only rules that there are', () => {
    const ids = rules.map(({ id }) => id);
    for (const id of NEVER_ACCEPTED) expect(ids).toContain(id);
    for (const id of Object.keys(acceptRules)) expect(ids).not.toContain(id);
  });

  test('is for one variable where one is named, in either spelling', () => {
    const changes = { secrets: { STACK_EMAIL_PASSWORD: 'changeme', CRON_SECRET: 'replace-with-a-secret' } };
    for (const variable of ['STACK_EMAIL_PASSWORD', 'HEXCLAVE_EMAIL_PASSWORD']) {
      const found = accepting(changes, { rule: 'sample-value', variable, reason }).filter(
        ({ rule }) => rule === 'sample-value',
      );
      expect(Object.fromEntries(found.map(({ field, severity }) => [field, severity]))).toEqual({
        STACK_EMAIL_PASSWORD: 'warning',
        CRON_SECRET: 'error',
      });
    }
  });

  test.each([
    ['a UUID', randomUUID()],
    ['short', fresh().slice(0, 24)],
    ['no base64url', `${fresh()}!`],
  ])('lets a server secret stay that is %s, and says what a new one would break', (_, value) => {
    const found = accepting(
      { secrets: { HEXCLAVE_SERVER_SECRET: value, STACK_SERVER_SECRET: undefined } },
      { rule: 'server-secret-weak', reason },
    );
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    const warning = found.find(({ rule }) => rule === 'server-secret-weak')!;
    expect(warning.message).toContain(rotationOf('STACK_SERVER_SECRET').breaks);
    expect(warning.fix).toContain('npx cdk8s-hexclave rotate production STACK_SERVER_SECRET');
    expect(JSON.stringify(found)).not.toContain(value);
  });

  test('of any secret says what its rotation breaks', () => {
    for (const { name } of contract.filter(
      ({ secret, owner, kind, when }) => secret && !owner && kind === 'token' && !when,
    )) {
      const [found] = accepting(
        { secrets: { [name]: '<secret>' } },
        { rule: 'sample-value', variable: name, reason },
      ).filter(({ rule }) => rule === 'sample-value');
      if (found) expect(found.message, name).toContain(rotationOf(name).breaks);
    }
  });

  test('that matches nothing, names no rule, or one of the reader’s, is a finding', () => {
    const found = (rule: string, variable?: string) =>
      accepting({}, { rule, variable, reason }).map(({ rule: id, severity }) => [id, severity]);
    expect(found('sample-value')).toEqual([['accept-unused', 'warning']]);
    expect(found('sample-value', 'CRON_SECRET')).toEqual([['accept-unused', 'warning']]);
    expect(found('simple-value')).toEqual([['accept-unknown', 'error']]);
    expect(found('toString')).toEqual([['accept-unknown', 'error']]);
    for (const id of Object.keys(fileRules)) expect(found(id)).toEqual([['accept-refused', 'error']]);
    expect(accepting({}, { rule: 'simple-value', reason })[0]!.fix).toContain('sample-value');
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silence, WITHHELD } from '../../cluster/silence';

const secret = fc.string({
  unit: fc.constantFrom(...'abcdefXYZ0189!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ '),
  minLength: 8,
  maxLength: 40,
});

it('no form of a secret is left in a text that holds it', () => {
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (values, around) => {
      const hush = silence(values);
      for (const value of values) {
        const forms = [value, btoa(value), encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
        for (const form of forms) expect(hush(`${around}${form}${around}`)).not.toContain(form);
      }
    }),
  );
});

it('the password of a URL is withheld by itself, too', () => {
  const hush = silence(['postgresql://user:p%40ssw0rd@host:5432/db']);
  for (const text of ['login with p@ssw0rd failed', 'login with p%40ssw0rd failed'])
    expect(hush(text)).toContain(WITHHELD);
});

it('a credential that nobody has named is withheld for what it looks like', () => {
  const hush = silence([]);
  expect(hush('dial postgresql://user:x1y2z3@host/db now')).toBe(
    `dial ${WITHHELD} now`.replace(WITHHELD, `postgresql://user:${WITHHELD}@host/db`),
  );
  expect(hush(`Authorization: Bearer ${'a1'.repeat(10)}`)).toBe(`Authorization: Bearer ${WITHHELD}`);
});

it('an ordinary text stays as it is', () => {
  const text =
    'gate: schema is current; waiting for the migration Job of release 0123456789\n  at https://auth.acme.test/';
  expect(silence(['other-secret'])(text)).toBe(text);
});

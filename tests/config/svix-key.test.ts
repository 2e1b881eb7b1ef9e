import { expect, test } from 'vitest';
import { svixApiKey } from '../../config/svix-key';

test('a key with the lifetime of the vendor’s development key is that key, signature and all', () => {
  // Found in the vendor's template for development; its secret is the word "secret"
  // (docs/explanation/kubernetes.md#stores).
  const key = svixApiKey('secret', { issued: 1655140639, expires: 1970500639 });
  expect(key.split('.')[2]).toBe('En8w77ZJWbd0qrMlHHupHUB-4cx17RfzFykseg95SUk');
});

test('a key depends on the secret alone and is good at any time this century', () => {
  expect(svixApiKey('one')).toBe(svixApiKey('one'));
  expect(svixApiKey('one')).not.toBe(svixApiKey('another'));
  const claims = JSON.parse(Buffer.from(svixApiKey('one').split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({ iss: 'svix-server', sub: 'org_23rb8YdGqMT0qIzpgGwdXfHirMu' });
  expect(claims.nbf).toBeLessThan(Date.now() / 1000);
  expect(claims.exp).toBe(Date.UTC(2100, 0, 1) / 1000);
});

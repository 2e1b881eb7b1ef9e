import { expect, test } from 'vitest';
import { parseUrl } from '../../config/parse-url';

test('a URL with letters beyond ASCII stays a URL however often it is read', () => {
  // URL.canParse of Node 20 changes its mind after some thousand calls.
  for (let round = 0; round < 20_000; round++) {
    if (parseUrl('https://b\u00fccher.acme.dev')?.hostname !== 'xn--bcher-kva.acme.dev')
      expect.fail(`in round ${round}`);
  }
});

test('a text that is no URL is undefined', () => {
  for (const text of ['', 'auth.acme.dev', '"https://auth.acme.dev"', 'https://', 'http://a:b/']) {
    expect(parseUrl(text), text).toBeUndefined();
  }
});

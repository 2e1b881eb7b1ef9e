import { posix, win32 } from 'node:path';
import { expect, it } from 'vitest';
import { pathsOf } from '../../config/paths';

// What every command makes of the paths of Windows is in tests/cli/windows.test.ts.

it('paths of Windows are written with /, drives and shares included', () => {
  const { join, relative, resolve, slashed } = pathsOf(win32);
  expect(join('C:\\acme\\auth', 'environments', 'production')).toBe('C:/acme/auth/environments/production');
  expect(join('environments\\production', 'config.env')).toBe('environments/production/config.env');
  expect(join('\\\\files\\acme', 'dist')).toBe('//files/acme/dist');
  expect(resolve('D:\\acme\\..\\auth')).toBe('D:/auth');
  expect(relative('C:\\acme', 'C:\\acme\\dist\\production')).toBe('dist/production');
  expect(relative('C:/acme', 'D:\\dist')).toBe('D:/dist');
  expect(slashed('C:\\acme')).toBe('C:/acme');
});

it('elsewhere a backslash is part of a name', () => {
  const { join, slashed } = pathsOf(posix);
  expect(join('environments', 'a\\b')).toBe('environments/a\\b');
  expect(slashed('a\\b')).toBe('a\\b');
});

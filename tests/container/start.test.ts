/**
 * @module-tag needs-bash
 * @module-tag needs-unshare
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { runInContainer, SERVER_USER } from '../support/container';
import { isRoot } from '../support/process';

/**
 * The image's entrypoint as far as the work directory is concerned, before August 2026: it copies the image over the
 * directory first, and then fills in the values unless its marker is there. It serves one page.
 */
const ENTRYPOINT = `#!/bin/bash
set -e
work=$STACK_RUNTIME_WORK_DIR
if [ -z "$work" ]; then work=/var/tmp/stack-runtime; fi
mkdir -p "$work"
cp -r /app/. "$work/."
if [ ! -e "$work/.marker" ]; then
  sed -i "s|API_URL_SENTINEL|https://api.example.org|" "$work/apps/page.html"
  touch "$work/.marker"
fi
echo "page: $(cat "$work/apps/page.html")"
`;

let folder: string;
let image: string;
let volume: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  image = join(folder, 'root', 'app');
  volume = join(folder, 'volume');
  mkdirSync(join(image, 'apps'), { recursive: true });
  mkdirSync(volume);
  chmodSync(volume, 0o2777); // as the kubelet makes an emptyDir: another user's, and writable
  writeFileSync(join(image, 'entrypoint.sh'), ENTRYPOINT, { mode: 0o755 });
  writeFileSync(join(image, 'apps', 'page.html'), 'API_URL_SENTINEL');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const container = (command: string, env?: Record<string, string>) =>
  runInContainer(join(folder, 'root'), volume, command, env);

const start = (env?: Record<string, string>) => container(scripts.start, env);

describe('a container that starts again on the same volume', () => {
  test('serves pages without values when the entrypoint is the command', async () => {
    expect((await container('exec ./entrypoint.sh')).output).toBe('page: https://api.example.org\n');
    expect((await container('exec ./entrypoint.sh')).output).toBe('page: API_URL_SENTINEL\n');
  });

  test('never starts again when the entrypoint is the command and the image holds a read-only file', async () => {
    writeFileSync(join(image, 'apps', 'package.json'), '{}', { mode: 0o444 });
    expect((await container('exec ./entrypoint.sh')).code).toBe(0);
    expect((await container('exec ./entrypoint.sh')).code).toBe(1);
  });

  test('serves the same pages every time with start.sh as the command', async () => {
    writeFileSync(join(image, 'apps', 'package.json'), '{}', { mode: 0o444 });
    for (const attempt of [1, 2, 3]) {
      expect({ attempt, ...(await start()) }).toMatchObject({
        attempt,
        code: 0,
        output: 'page: https://api.example.org\n',
      });
    }
  });

  test('fills the directory that STACK_RUNTIME_WORK_DIR names', async () => {
    const env = { STACK_RUNTIME_WORK_DIR: '/tmp/elsewhere' };
    chmodSync(join(folder, 'root'), 0o755);
    mkdirSync(join(folder, 'root', 'tmp'));
    chmodSync(join(folder, 'root', 'tmp'), 0o1777);
    expect((await start(env)).output).toBe('page: https://api.example.org\n');
    expect((await start(env)).output).toBe('page: https://api.example.org\n');
    expect(existsSync(join(volume, 'apps'))).toBe(false);
  });
});

describe('what start.sh leaves of a work directory', () => {
  const script = () => container(`${scripts.start.replace('exec ./entrypoint.sh', 'exec ls -A "$work"')}`);

  test('is nothing, whatever the names and modes', async () => {
    const hold = (name: string, mode: number) => {
      mkdirSync(join(volume, name));
      writeFileSync(join(volume, name, '.inside'), '', { mode: 0o444 });
      mkdirSync(join(volume, name, 'below'));
      writeFileSync(join(volume, name, 'below', 'file'), '', { mode: 0o000 });
      own(
        join(volume, name),
        join(volume, name, '.inside'),
        join(volume, name, 'below'),
        join(volume, name, 'below/file'),
      );
      chmodSync(join(volume, name, 'below'), mode);
      chmodSync(join(volume, name), mode);
    };
    hold('read-only', 0o555);
    hold('unreadable', 0o000);
    hold('.hidden', 0o755);
    hold('-rf', 0o755);
    hold('a name\nin two lines', 0o755);
    const before = statSync(volume);
    expect(await script()).toMatchObject({ code: 0, output: '' });
    const after = statSync(volume);
    expect([after.ino, after.mode, after.uid]).toEqual([before.ino, before.mode, before.uid]);
  });

  test('does not include what a symbolic link points at', async () => {
    const outside = join(folder, 'root', 'outside');
    mkdirSync(outside);
    chmodSync(outside, 0o777);
    writeFileSync(join(outside, 'precious'), 'kept');
    own(outside, join(outside, 'precious'));
    symlinkSync('/outside', join(volume, 'link'));
    expect(await script()).toMatchObject({ code: 0, output: '' });
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
  });

  test('is an error that names what cannot be removed', async () => {
    mkdirSync(join(volume, 'mounted')); // a volume of its own: see runInContainer
    const result = await script();
    expect(result.code).toBe(1);
    expect(result.output).toContain('start: could not empty /var/tmp/stack-runtime: /var/tmp/stack-runtime/mounted');
  });
});

describe('start.sh refuses to run', () => {
  test.each([
    ['an empty value', '', 'is empty'],
    ['/', '/', 'refusing'],
    ['/ by another name', '/usr/..//', 'refusing'],
    ['/app', '/app', 'refusing'],
    ['/app with a slash', '/app/', 'refusing'],
    ['the directory it runs in', '.', 'refusing'],
    ['a directory of the image', '/app/apps', 'refusing'],
    ['a link to the image', '/alias', 'refusing'],
    ['a file', '/app-file', 'not a directory'],
  ])('with %s as the work directory, and touches nothing', async (_, value, reason) => {
    symlinkSync('/app', join(folder, 'root', 'alias'));
    writeFileSync(join(folder, 'root', 'app-file'), '');
    writeFileSync(join(volume, 'kept'), '');
    own(
      image,
      join(image, 'apps'),
      join(image, 'apps', 'page.html'),
      join(image, 'entrypoint.sh'),
      join(volume, 'kept'),
    );
    const result = await start({ STACK_RUNTIME_WORK_DIR: value });
    expect(result.output).toMatch(/^start: STACK_RUNTIME_WORK_DIR /);
    expect(result.output).toContain(reason);
    expect(result.code).toBe(1);
    expect(readFileSync(join(image, 'entrypoint.sh'), 'utf8')).toBe(ENTRYPOINT);
    expect(existsSync(join(image, 'apps', 'page.html'))).toBe(true);
    expect(existsSync(join(volume, 'kept'))).toBe(true);
  });

  test('outside the image, with the reason', async () => {
    rmSync(join(image, 'entrypoint.sh'));
    writeFileSync(join(volume, 'kept'), '');
    const result = await start();
    expect(result).toMatchObject({ code: 1 });
    expect(result.output).toContain("start: no executable entrypoint.sh in /app: the container's workingDir");
    expect(existsSync(join(volume, 'kept'))).toBe(true);
  });
});

function own(...paths: string[]): void {
  if (isRoot) for (const path of paths) chownSync(path, SERVER_USER, SERVER_USER);
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNamed, unreadableBecause } from '../../config/read-named';
import { scratch } from '../support/cli';

const MIB = 2 ** 20;

/** Makes each kind of file at a path, and says what is wrong with it. */
const KINDS: Readonly<Record<string, { make(path: string): void; because: RegExp }>> = {
  'a folder': { make: (path) => mkdirSync(path), because: /^it is a folder, a file is needed$/ },
  'a device without an end': { make: (path) => symlinkSync('/dev/zero', path), because: /^it is a device/ },
  'a device without contents': { make: (path) => symlinkSync('/dev/null', path), because: /^it is a device/ },
  'a link to nothing': { make: (path) => symlinkSync('nowhere', path), because: /no such file/ },
  'a link to itself': { make: (path) => symlinkSync(path, path), because: /circle/ },
  'a file of 5 MiB': { make: (path) => sized(path, 5 * MIB), because: /^it is larger than 4 MiB; .* hold 1 MiB/ },
  'a file with a hole of 100 GiB': {
    make: (path) => sized(path, 100 * 1024 * MIB),
    because: /^it is larger than 4 MiB/,
  },
};

describe('a file that is none', () => {
  test.each(Object.entries(KINDS))('is refused soon and by its reason: %s', (_, { make, because }) => {
    const path = join(scratch(), 'file');
    make(path);
    const began = Date.now();
    const error = refused(path);
    expect(unreadableBecause(error)).toMatch(because);
    expect(error).toMatchObject({ path });
    expect(Date.now() - began).toBeLessThan(5000);
  });

  test('is refused when it is a socket', async () => {
    const path = join(scratch(), 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(unreadableBecause(refused(path))).toMatch(/^it is a socket or a device/);
    await new Promise((resolve) => server.close(resolve));
  });

  describe('because it is a pipe', { tags: 'needs-mkfifo' }, () => {
    test('that nobody writes to, is refused soon', () => {
      const path = fifo();
      const began = Date.now();
      expect(unreadableBecause(refused(path))).toMatch(/^it is a pipe, and whoever/);
      expect(Date.now() - began).toBeLessThan(5000);
    });

    test('that brings more than is read of one, is refused', () => {
      const path = fifo();
      const writer = writes(`for (;;) writeSync(openSync('${path}', 'w'), Buffer.alloc(65_536))`);
      expect(unreadableBecause(refused(path))).toMatch(/^it is larger than 4 MiB/);
      writer.kill('SIGKILL');
    });
  });
});

describe('a file', () => {
  test.each([0, 1, 4095, 65_536, 4 * MIB])('of %i bytes is read whole', (size) => {
    const path = join(scratch(), 'file');
    const bytes = Buffer.alloc(size, 'abc');
    writeFileSync(path, bytes);
    expect(readNamed(path).equals(bytes)).toBe(true);
  });

  test('without a size, as in /proc, is read whole', () => {
    expect(readNamed('/proc/self/status').toString()).toMatch(/^Name:[\s\S]+\n$/);
  });

  test.each([0, 1000])(
    'that is a pipe is read to its end, when its writer comes %i ms later and takes its time',
    { tags: 'needs-mkfifo' },
    (late) => {
      const path = fifo();
      const write = `const file = openSync('${path}', 'w'); writeSync(file, 'A=1'); setTimeout(() => writeSync(file, '\\nB=2\\n'), 300)`;
      writes(`setTimeout(() => { ${write} }, ${late})`);
      expect(readNamed(path).toString()).toBe('A=1\nB=2\n');
    },
  );

  test('that grows while it is read is read as far as its limit, and no further', () => {
    const path = join(scratch(), 'file');
    writeFileSync(path, 'A=1\n');
    const writer = writes(`for (;;) writeSync(openSync('${path}', 'a'), Buffer.alloc(1_000_000))`);
    let error: unknown;
    for (const end = Date.now() + 10_000; !error && Date.now() < end; ) error = refusedOrNot(path);
    writer.kill('SIGKILL');
    expect(unreadableBecause(error)).toMatch(/^it is larger than 4 MiB/);
  });
});

/** A pipe with a name in a folder of its own. */
function fifo(): string {
  const path = join(scratch(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

/**
 * A process that writes to a file while this one, which waits for what it reads, cannot. It has begun on return: a busy
 * machine may take longer to start it than is waited for a writer.
 */
function writes(script: string): ChildProcess {
  const begun = join(scratch(), 'begun');
  const program = `const { openSync, writeFileSync, writeSync } = require('node:fs'); writeFileSync('${begun}', ''); ${script}`;
  const writer = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + 60_000; !existsSync(begun) && Date.now() < end; ) Atomics.wait(pause, 0, 0, 20);
  return writer;
}

function sized(path: string, bytes: number): void {
  closeSync(openSync(path, 'w'));
  truncateSync(path, bytes);
}

function refused(path: string): unknown {
  const error = refusedOrNot(path);
  expect(error).toBeDefined();
  return error;
}

function refusedOrNot(path: string): unknown {
  try {
    readNamed(path);
    return undefined;
  } catch (error) {
    return error;
  }
}

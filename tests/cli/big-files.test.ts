import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const IMAGE = 'image: { tag: 1.2.3 }\nedge: { tls: { external: true } }\n';

/** What a file of an environment may be instead of what it should be, and the one rule that says so. */
const FILES: readonly [what: string, file: string, text: string | Buffer, rule: string][] = [
  ['120,000 variables', 'config.env', many(120_000, (i) => `A_${i}=x\n`), 'env-file-many-lines'],
  ['120,000 lines without a variable', 'config.env', many(120_000, (i) => `A ${i}\n`), 'env-file-many-lines'],
  [
    '120,000 lines that are no UTF-8',
    'secrets.env',
    Buffer.from('\xff\n'.repeat(120_000), 'latin1'),
    'env-file-many-lines',
  ],
  ['5 MiB', 'config.env', `# ${'x'.repeat(5 * 2 ** 20)}`, 'file-unreadable'],
  ['5 MiB', 'environment.yaml', `# ${'x'.repeat(5 * 2 ** 20)}`, 'file-unreadable'],
  [
    '10,000 labels',
    'environment.yaml',
    `${IMAGE}labels:\n${many(10_000, (i) => `  l${i}: x\n`)}`,
    'environment-yaml-invalid-value',
  ],
  [
    '10,000 variables',
    'environment.yaml',
    `${IMAGE}env:\n${many(10_000, (i) => `  L${i}: x\n`)}`,
    'environment-yaml-invalid-value',
  ],
  [
    '150,000 destinations',
    'environment.yaml',
    `${IMAGE}network: { egress: [${many(150_000, () => '0,')}0] }\n`,
    'environment-yaml-invalid-value',
  ],
  [
    '10,000 fields that there are not',
    'environment.yaml',
    many(10_000, (i) => `l${i}: x\n`),
    'environment-yaml-unknown-field',
  ],
  [
    'a field of 900 KB',
    'environment.yaml',
    `${IMAGE}priorityClassName: ${'a'.repeat(900_000)}!\n`,
    'environment-yaml-invalid-value',
  ],
  [
    'a text of 900,000 line breaks',
    'environment.yaml',
    `${IMAGE}env: { STACK_TOKEN: "${'\\n'.repeat(400_000)}x" }\n`,
    'value-too-long',
  ],
  [
    'annotations of 300 KB',
    'environment.yaml',
    `${IMAGE}annotations: { a: ${'x'.repeat(300_000)} }\n`,
    'annotations-too-big',
  ],
];

describe('check of an environment', () => {
  it.each(FILES)(
    'with %s in %s says so soon and in few lines',
    (_, file, text, rule) => {
      const folder = scratchWith('production');
      writeFileSync(join(folder, 'environments', 'production', file), text);
      const began = Date.now();
      const run = command(folder, ['check', 'production']);
      expect(run.stderr).toBe('');
      expect(run.code).toBe(1);
      expect(run.stdout).toContain(`[${rule}]`);
      expect(run.stdout.length).toBeLessThan(100_000);
      expect(Date.now() - began).toBeLessThan(30_000);
    },
    60_000,
  );

  const KINDS: Readonly<Record<string, (path: string) => void>> = {
    'it is a folder': (path) => mkdirSync(path),
    'it is a device': (path) => symlinkSync('/dev/zero', path),
    'link to what is not there': (path) => symlinkSync('nowhere', path),
  };

  it.each(['environment.yaml', 'config.env', 'secrets.env'])(
    'whose %s is no file says so and does not hang',
    (file) => {
      const folder = scratchWith('production');
      const path = join(folder, 'environments', 'production', file);
      for (const [what, make] of Object.entries(KINDS)) {
        rmSync(path, { recursive: true, force: true });
        make(path);
        const run = command(folder, ['check', 'production']);
        expect(run.stdout).toContain(what);
        expect(run).toMatchObject({ code: 1, stderr: '' });
      }
    },
  );

  it('whose files are pipes that nobody writes to says so and does not hang', { tags: 'needs-mkfifo' }, () => {
    const folder = scratchWith('production');
    for (const file of ['environment.yaml', 'config.env', 'secrets.env']) {
      const path = join(folder, 'environments', 'production', file);
      const text = readFileSync(path);
      rmSync(path);
      execFileSync('mkfifo', [path]);
      const run = command(folder, ['check', 'production']);
      expect(run.stdout).toContain('it is a pipe');
      expect(run).toMatchObject({ code: 1, stderr: '' });
      rmSync(path);
      writeFileSync(path, text);
    }
  });

  it('shows the first of very many findings of a kind, and all of them to programs', () => {
    const folder = scratchWith('production');
    writeFileSync(
      join(folder, 'environments', 'production', 'config.env'),
      many(100, (i) => `A B_${i}=x\n`),
    );
    const run = command(folder, ['check', 'production']);
    expect(run.stdout.match(/env-file-blank-in-name/g)).toHaveLength(20);
    expect(run.stdout).toContain('80 more are like those above');
    const { findings } = JSON.parse(command(folder, ['check', 'production', '--format', 'json']).stdout);
    expect(findings.filter(({ rule }: { rule: string }) => rule === 'env-file-blank-in-name')).toHaveLength(100);
  });
});

describe('a command that writes secrets.env', { tags: 'needs-mkfifo' }, () => {
  it.each([
    ['rotate', 'production', 'CRON_SECRET'],
    ['init', 'production'],
  ])('leaves a pipe in its place alone: %s', (...args) => {
    const folder = scratchWith('production');
    const path = join(folder, 'environments', 'production', 'secrets.env');
    const text = readFileSync(path);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    const feed = `for (;;) require('node:fs').writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(String(text))})`;
    const feeder = spawn(process.execPath, ['-e', feed], { stdio: 'ignore' });
    const run = command(folder, args);
    feeder.kill('SIGKILL');
    expect(run.stderr).toContain('no regular file');
    expect(run.code).toBe(1);
    expect(lstatSync(path).isFIFO()).toBe(true);
  });
});

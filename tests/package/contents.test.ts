import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { root } from '../support/cli';

const unpacked = () => inject('unpacked');
const files = () =>
  readdirSync(unpacked(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked().length + 1));
const tool = (path: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(root, 'tests/package/node_modules', path), ...args], { encoding: 'utf8' });

describe('the package', () => {
  it('passes publint, warnings and suggestions included', () => {
    expect(tool('publint/src/cli.js', 'run', '--strict', unpacked())).toContain('All good');
  });

  it('has types that are right for every way to resolve them', () => {
    const args = [inject('archive'), '--no-emoji', '--no-color', '--entrypoints', '.'];
    expect(tool('@arethetypeswrong/cli/dist/index.js', ...args)).toContain('No problems found');
  });

  it('has no dependency but its optional peers, and runs no script when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked(), 'package.json'), 'utf8'));
    for (const field of ['dependencies', 'optionalDependencies', 'devDependencies', 'scripts']) {
      expect(manifest[field], field).toBeUndefined();
    }
    expect(Object.keys(manifest.peerDependencies)).toEqual(Object.keys(manifest.peerDependenciesMeta));
  });

  it('is small', () => {
    const sizes = files().map((file) => statSync(join(unpacked(), file)).size);
    const installed = sizes.reduce((sum, size) => sum + size, 0);
    const archive = statSync(inject('archive')).size;
    console.log(`${sizes.length} files, 0 dependencies, archive ${archive} bytes, installed ${installed} bytes`);
    expect(archive).toBeLessThan(2_500_000);
    expect(installed).toBeLessThan(6_500_000);
  });

  it('holds nothing of the tests, no sources and no secrets', () => {
    for (const file of files()) {
      expect(file).not.toMatch(/(^|\/)(tests?|__snapshots__|node_modules)\/|(?<!\.d)\.[cm]?ts$|\.test\.|secrets\.env/);
      expect(readFileSync(join(unpacked(), file)).includes(root.slice(1)), `${file} names this folder`).toBe(false);
    }
  });

  it('has the licence of everything that its bundles hold', () => {
    const notices = readFileSync(join(unpacked(), 'NOTICES.md'), 'utf8');
    for (const name of [
      'cdk8s',
      'cdk8s-plus-28',
      'constructs',
      'yaml',
      'zod',
      'commander',
      '@dagrejs/dagre',
      'react',
    ]) {
      expect(notices).toMatch(new RegExp(`^## ${name} \\d\\S* \\((Apache-2.0|MIT|ISC)\\)$`, 'm'));
    }
  });
});

describe('two clones', () => {
  it('make the same bytes, whoever makes them and wherever', () => {
    const digests = [
      ['first', { TZ: 'Asia/Tokyo', LC_ALL: 'C' }],
      ['some/where/else', { TZ: 'America/New_York', LC_ALL: 'C.UTF-8' }],
    ].map(([place, env]) => digestOfClone(place as string, env as Record<string, string>));
    expect(digests[0]).toBe(digests[1]);
  });
});

/** The archive that a copy of this repository makes, in a folder of this name. */
function digestOfClone(name: string, env: Record<string, string>): string {
  // Beside the repository, so that the packages can be linked instead of copied.
  const home = mkdtempSync(join(dirname(root.replace(/\/$/, '')), '.clone-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const clone = join(home, name);
  mkdirSync(clone, { recursive: true });
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of listed.toString().trim().split('\n')) cpSync(join(root, file), join(clone, file));
  execFileSync('cp', ['-al', join(root, 'node_modules'), clone]);
  const out = mkdtempSync(join(tmpdir(), 'hexclave-clone-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const options = { cwd: clone, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: out, ...env } } as const;
  const said = execFileSync(process.execPath, ['cli/package/pack.mjs', out], options);
  return createHash('sha256')
    .update(readFileSync(/\S+\.tgz/.exec(said)![0]))
    .digest('hex');
}

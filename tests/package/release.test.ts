import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { problems } from '../../cli/package/release.mjs';
import { VERSION } from '../../config/version';
import { root } from '../support/cli';

describe('the list of what is in the package', () => {
  const file = () => inject('archive').replace(/\.tgz$/, '.cdx.json');
  const read = () => JSON.parse(readFileSync(file(), 'utf8'));
  const validate = (path: string) =>
    execFileSync(process.execPath, [join(root, 'tests/package/validate-sbom.mjs'), path], { encoding: 'utf8' });

  it('is CycloneDX, by its own schema', () => {
    expect(validate(file())).toBe('');
    const broken = `${file()}.broken`;
    writeFileSync(broken, JSON.stringify({ ...read(), components: [{ name: 'without a type' }] }));
    expect(validate(broken)).toContain('type');
  });

  it('names the packages of NOTICES.md, each with version and licence, and nothing that changes from run to run', () => {
    const { components, metadata, serialNumber } = read();
    const listed = components.map(
      ({ name, version, licenses }: { name: string; version: string; licenses: { license: { id: string } }[] }) =>
        `${name} ${version} (${licenses[0]!.license.id})`,
    );
    const notices = readFileSync(join(inject('unpacked'), 'NOTICES.md'), 'utf8');
    expect(listed.sort()).toEqual([...notices.matchAll(/^## (\S+ \d\S* \(.*\))$/gm)].map(([, title]) => title).sort());
    expect([metadata.timestamp, serialNumber]).toEqual([undefined, undefined]);
    expect(metadata.component).toMatchObject({ name: 'cdk8s-hexclave', version: VERSION });
  });
});

describe('a release', () => {
  const url = 'https://github.com/acme/hexclave';
  const edits: Record<string, (text: string) => string> = {
    'package.json': (text) => text.replace(/\{/, `{\n  "repository": "${url}",`),
    'cli/package.json': (text) => text,
    'config/version.ts': (text) => text,
    'CHANGELOG.md': (text) => text.replace('## Unreleased', `## ${VERSION} (2026-12-01)`),
  };
  const clone = (changes: Record<string, (text: string) => string>) => {
    const home = mkdtempSync(join(tmpdir(), 'hexclave-release-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    for (const [file, edit] of Object.entries({ ...edits, ...changes })) {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      cpSync(join(root, file), join(home, file));
      writeFileSync(join(home, file), edit(readFileSync(join(home, file), 'utf8')));
    }
    return home;
  };

  it('goes through when tag, versions, changelog and repository agree', () => {
    expect(problems(clone({}), `v${VERSION}`, 'acme/hexclave')).toEqual([]);
  });

  it.each<[string, string, string, Record<string, (text: string) => string>]>([
    ['another tag', 'v9.9.9', 'The tag is v9.9.9', {}],
    [
      'another version in package.json',
      `v${VERSION}`,
      'package.json says',
      { 'package.json': (text) => edits['package.json']!(text).replace(VERSION, '9.9.9') },
    ],
    [
      'another version in the manifests',
      `v${VERSION}`,
      'config/version.ts',
      { 'config/version.ts': (text) => text.replace(VERSION, '9.9.9') },
    ],
    ['no section in the changelog', `v${VERSION}`, 'CHANGELOG.md has no section', { 'CHANGELOG.md': (text) => text }],
    ['no repository', `v${VERSION}`, 'needs "repository"', { 'package.json': (text) => text }],
  ])('is refused for %s', (_, tag, message, changes) => {
    expect(problems(clone(changes), tag, 'acme/hexclave')).toEqual([expect.stringContaining(message)]);
  });
});

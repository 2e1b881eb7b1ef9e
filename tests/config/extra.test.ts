import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { build } from '../../charts/hexclave';
import { readExtra } from '../../config/extra';
import type { Finding } from '../../config/finding';
import { environmentOf, load } from '../support/cases';
import { snapshotCases } from '../support/snapshot-cases';

const base = snapshotCases.guide!;
const map = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${more}`;

/** What becomes of the files of a folder `extra/`. */
function read(files: Record<string, string>, more: (folder: string) => void = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hexclave-extra-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'extra'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'extra', name), text);
  more(join(folder, 'extra'));
  const findings: Finding[] = [];
  const objects = readExtra(folder, findings);
  return { objects, findings };
}

describe('the files in extra/', () => {
  it('are read in the order of their names, document by document, each with its place', () => {
    const { objects, findings } = read({
      'b.yml': map('third'),
      'a.yaml': `${map('first')}---\n# nothing\n---\n${map('second')}`,
      'c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fourth' } }),
      'notes.md': 'not: an object',
      '.hidden.yaml': map('hidden'),
      'empty.yaml': '',
    });
    expect(findings).toEqual([]);
    expect(objects.map(({ object, line }) => [(object.metadata as { name: string }).name, line])).toEqual([
      ['first', 1],
      ['second', 7],
      ['third', 1],
      ['fourth', 1],
    ]);
  });

  it.each([
    ['bad indentation', 'a: b\n c: d\n', 1],
    ['an unquoted star', 'kind: *secret-text\n', 1],
    ['a tag of its own', 'kind: !secret-text x\n', 1],
    ['a list', '- a\n', 1],
    ['a text', 'secret-text\n', 1],
    ['the second document', `${map('a')}---\nkind: {\n`, 6],
    ['an alias bomb', bomb(), 0],
  ])('that hold %s are findings with their line, and quote nothing', (_, text, line) => {
    const { findings } = read({ 'a.yaml': text });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toMatchObject({ rule: 'extra-syntax', severity: 'error', line });
    expect(JSON.stringify(findings)).not.toContain('secret-text');
  });

  it('that are no regular files, or too large, are findings and not waited for', () => {
    const { findings } = read({ 'large.yaml': `a: ${'b'.repeat(3 * 2 ** 20)}` }, (folder) => {
      mkdirSync(join(folder, 'folder.yaml'));
      symlinkSync('/nowhere', join(folder, 'dangling.yaml'));
      symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    });
    expect(findings.map(({ rule, file }) => [rule, file.split('/').at(-1)])).toEqual(
      ['dangling', 'folder', 'large', 'zero'].map((name) => ['file-unreadable', `${name}.yaml`]),
    );
  });
});

it('a pipe in extra/ is a finding and not waited for', { tags: 'needs-mkfifo' }, () => {
  const { findings } = read({}, (folder) => {
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  });
  expect(findings.map(({ rule }) => rule)).toEqual(['file-unreadable']);
});

describe('an object in extra/', () => {
  const files = (others: Record<string, string>) =>
    build(environmentOf({ ...base, yaml: `${base.yaml}\nlabels: { team: identity }`, others })).files;

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may have a key called %s', (key) => {
    const text = files({ 'extra/a.yaml': map('a', `data: { ${key}: kept }`) }).get('05-extra.k8s.yaml')!;
    expect(text).toMatch(new RegExp(`^  "?${key}"?: kept$`, 'm'));
  });

  it('keeps what it says of its own name, component and wave, and gets the rest', () => {
    const own =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: { app.kubernetes.io/component: reports, team: own }\n';
    expect(files({ 'extra/a.yaml': own }).get('70-extra.k8s.yaml')).toMatch(
      /name: a\n {2}namespace: hexclave-production\n {2}labels:\n {4}app.kubernetes.io\/name: hexclave\n {4}team: own\n {4}app.kubernetes.io\/component: reports\n {4}app.kubernetes.io\/instance: production\n/,
    );
  });

  it.each([
    ['of ours', { 'extra/a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: hexclave-server }\n' }],
    ['of ours in another version', { 'extra/a.yaml': map('hexclave-config') }],
    ['of another file', { 'extra/a.yaml': map('a'), 'extra/b.yaml': map('a') }],
  ])('with the kind and name of one %s is an error', (_, others) => {
    const { environment } = load({ ...base, others });
    expect(build(environment!).findings.map(({ rule }) => rule)).toContain('extra-taken');
  });

  it('is not there for a folder that is not there, and changes no byte of the rest', () => {
    const { files: plain } = build(environmentOf(base));
    expect(plain.has('05-extra.k8s.yaml')).toBe(false);
    const { files: with_ } = build(environmentOf({ ...base, others: { 'extra/a.yaml': map('a') } }));
    expect([...with_].filter(([name]) => name !== '05-extra.k8s.yaml')).toEqual([...plain]);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level++) {
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  return `${lines.join('\n')}\n`;
}

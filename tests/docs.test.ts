import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headings } from './support/headings';

const root = new URL('..', import.meta.url).pathname;
const pages = [
  'README.md',
  'tests/cluster/README.md',
  'tests/controllers/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true }),
]
  .map(String)
  .filter((name) => name.endsWith('.md'))
  .map((name) => (existsSync(join(root, name)) ? name : join('docs', name)));

/** The text of a test file and of the fixtures that it imports. */
function testText(file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const fixtures = [...text.matchAll(/from '(\.\/fixtures\/[\w-]+)'/g)].map(([, path]) =>
    readFileSync(join(root, dirname(file), `${path}.ts`), 'utf8'),
  );
  return [text, ...fixtures].join('\n');
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('links to files and headings that are there', () => {
    for (const [, target = '', anchor = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const file = target === '' ? page : join(dirname(page), target);
      expect(existsSync(join(root, file)), target).toBe(true);
      if (anchor) expect(headings(join(root, file)), `${target}#${anchor}`).toContain(anchor);
    }
  });

  it('names tests that are there', () => {
    for (const line of text.split('\n')) {
      const files = [...line.matchAll(/`(tests\/[\w/-]+\.test\.ts)`/g)].map(([, file]) => file!);
      for (const file of files) {
        expect(existsSync(join(root, file)), file).toBe(true);
        for (const [, title] of line.matchAll(/"([^"…]+) …"/g)) expect(testText(file), file).toContain(title);
      }
    }
  });
});

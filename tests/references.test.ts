import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headings } from './support/headings';

const root = new URL('..', import.meta.url).pathname;

/** Folders with what is written by hand; the rest is generated, or other people's. */
const ROOMS = ['.ci', 'charts', 'cli', 'cluster', 'config', 'container', 'docs', 'environments', 'examples', 'tests'];
const SKIPPED = /(^|\/)(node_modules|reference)\/|\.(json|sum|mod|golden)$/;
const files = [
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
    .map(({ name }) => name),
  ...ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .filter((path) => !SKIPPED.test(path)),
  ),
];
const texts = files.map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);

describe('a page of the docs that a comment, a message or a page names', () => {
  const references = texts.flatMap(([file, text]) =>
    [...text.matchAll(/\bdocs\/[\w./-]+\.md(?:#[\w-]+)?/g)].map(([reference]) => ({ file, reference })),
  );

  it('is there, and has the heading', () => {
    expect(references.length).toBeGreaterThan(60);
    for (const { file, reference } of references) {
      const [page, anchor] = reference.split('#') as [string, string?];
      expect(existsSync(join(root, page)), `${file} names ${page}`).toBe(true);
      if (anchor) expect(headings(join(root, page)), `${file} names ${reference}`).toContain(anchor);
    }
  });

  it('is a page that readers of the repository have', () => {
    for (const [file, text] of texts) {
      for (const [page] of text.matchAll(/[\w-]+\.md(?= §)/g))
        expect(page, `${file} cites a section by number`).toBe('');
    }
  });
});

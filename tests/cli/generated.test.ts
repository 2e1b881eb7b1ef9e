import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceFiles } from '../../cli/reference';
import { root } from '../support/cli';

describe('the generated reference', () => {
  it.each([...referenceFiles()])('is what `npm run generate` writes today: %s', (file, text) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });
});

describe('the reference of the rules', () => {
  const page = readFileSync(join(root, 'docs/reference/rules.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (error|warning|error or warning) \| \S.*\. \|$/gm)];
  const listed = rows.map(([, id]) => id!);

  it('has every rule once, with its severity', () => {
    expect(listed).toEqual([...new Set(listed)]);
    expect(listed).toHaveLength(page.match(/^\| `/gm)!.length);
  });

  it('has every id that the code names as that of a finding, and no other', () => {
    const named = sources('config', 'cli', 'charts').flatMap((text) => [
      ...idsIn(text, /\b(?:rule|id)\b\??: ([^;{}\n]*)/g),
      ...idsIn(text, /\b(?:found|finding|form)\(([^{}]*)/g),
    ]);
    for (const id of named) expect(listed, id).toContain(id);
    expect(listed.filter((id) => !named.includes(id))).toEqual([]);
  });

  it('has every id with which a file can be refused, for there is one way to make such a finding', () => {
    for (const text of sources('config', 'cli')) expect(text).not.toMatch(/\brule: ['"`]/);
  });
});

/** Texts of the TypeScript files below folders of the project. */
function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
}

/** The quoted ids in what a pattern captures. */
function idsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, part]) =>
    [...part!.matchAll(/'([a-z0-9]+(?:-[a-z0-9]+)+)'/g)].map(([, id]) => id!),
  );
}

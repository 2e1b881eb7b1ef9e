import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/**
 * Which rooms the files of a room may import from, beside their own: the way data takes, read backwards. `main.ts` and
 * `index.ts` are doors and imported by nobody.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli'],
  'index.ts': ['charts', 'config'],
  cli: ['cluster', 'charts', 'config', 'imports'],
  cluster: ['charts', 'config'],
  charts: ['config', 'imports'],
  imports: [],
  config: [],
  container: [],
};

/** They read the programs that they carry; nothing else of `charts/` touches the machine. */
const READS_FILES = ['charts/scripts.ts', 'charts/renderer-program.ts'];
/** Make what charts read later. */
const BUILDS = ['cli/build.mjs', 'cli/package/pack.mjs'];
const PURE = ['node:crypto', 'node:module', 'node:net', 'node:path', 'node:util'];

const files = Object.keys(MAY_IMPORT)
  .filter((room) => existsSync(join(root, room)))
  .flatMap((room) => (room.endsWith('.ts') ? [room] : sources(room)));

/** What each file imports, types and lazy imports included: paths from the root for our own, names for the others. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function sources(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.includes('node_modules/'));
}

function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith('.')) return fileName;
    const path = join(dirname(file), fileName);
    const found = [path, `${path}.ts`, `${path}/index.ts`].find(
      (candidate) => /\.[cm]?[jt]s$/.test(candidate) && existsSync(join(root, candidate)),
    );
    return found ?? path;
  });
}

function roomOf(file: string): string {
  return file.split('/')[0]!;
}

describe('imports', () => {
  it('are found in every room', () => {
    const rooms = new Set(files.map(roomOf));
    for (const room of ['main.ts', 'cli', 'charts', 'config', 'container', 'imports']) expect(rooms).toContain(room);
    const between = [...imports].flatMap(([file, targets]) =>
      targets.map((target) => `${roomOf(file)} → ${roomOf(target)}`),
    );
    expect(new Set(between)).toContain('main.ts → cli');
    expect(new Set(between)).toContain('cli → charts');
    expect(new Set(between)).toContain('charts → config');
  });

  it.each(files)('of %s go one way between the rooms', (file) => {
    const room = roomOf(file);
    for (const target of imports.get(file)!) {
      if (files.includes(target))
        expect(
          [room, ...MAY_IMPORT[room]!, ...(BUILDS.includes(file) ? ['container'] : [])],
          `${file} imports ${target}`,
        ).toContain(roomOf(target));
      else expect(target, `${file} imports a file of no room`).not.toMatch(/^[./]|\.ts$/);
    }
  });

  it('never come back to where they started', () => {
    const done = new Set<string>();
    const path: string[] = [];
    for (const file of files) visit(file);

    function visit(file: string): void {
      const start = path.indexOf(file);
      expect(start < 0 ? [] : [...path.slice(start), file], 'a circle').toEqual([]);
      if (done.has(file)) return;
      path.push(file);
      for (const target of imports.get(file) ?? []) visit(target);
      path.pop();
      done.add(file);
    }
  });

  it.each(files.filter((file) => roomOf(file) === 'charts' && !READS_FILES.includes(file)))(
    'of %s reach nothing of the machine',
    (file) => {
      const reaching = imports.get(file)!.filter((target) => target.startsWith('node:') && !PURE.includes(target));
      expect(reaching).toEqual([]);
      const text = readFileSync(join(root, file), 'utf8');
      expect(text).not.toMatch(
        /\bprocess\.|\bDate\.now|new Date\(\)|Math\.random|randomUUID|randomBytes|localeCompare/,
      );
    },
  );
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like a template is the code of another program.
import { spawnSync } from 'node:child_process';
import { build, transform } from 'esbuild';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { moduleWithoutComments, oneModule, shellWithoutComments } from '../../charts/inline';
import { scripts } from '../../charts/scripts';
import { containerFiles, containerPath, containerText } from '../support/container-files';

const shells = containerFiles.filter((name) => name.endsWith('.sh'));
const modules = containerFiles.filter((name) => name.endsWith('.mjs'));

/** What bash understands of a script, in bash's own words: it has no comments and no line breaks of the writer's. */
function understood(script: string): string {
  const { stdout, stderr } = spawnSync('bash', ['-c', 'eval "f() {\n$1\n}" && declare -f f', 'bash', script], {
    encoding: 'utf8',
  });
  if (!stdout || stderr) throw new Error(`bash does not take the script: ${stderr}`);
  return stdout;
}

async function parsed(module: string): Promise<string> {
  return (await transform(module, { loader: 'js', minifyWhitespace: true, legalComments: 'none' })).code;
}

function commentsOf(module: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile('module.mjs', module, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    const ranges = [
      ...(ts.getLeadingCommentRanges(module, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(module, node.getEnd()) ?? []),
    ];
    found.push(...ranges.map(({ pos, end }) => module.slice(pos, end)));
    for (const child of node.getChildren(source)) visit(child);
  }
}

describe('the copy that a manifest carries', () => {
  test.each(shells)('of %s is the same program to bash', (name) => {
    const copy = shellWithoutComments(containerText(name));
    expect(understood(copy)).toBe(understood(containerText(name)));
    expect(copy).not.toMatch(/(^|\s)#(\s|!)/m);
    // What looks like a here-document and is none would keep all that follows it.
    expect(copy).not.toMatch(/\n\n/);
  });

  test.each(modules)('of %s is the same program to a parser, and no comment is left in it', async (name) => {
    const copy = moduleWithoutComments(containerText(name));
    expect(await parsed(copy)).toBe(await parsed(containerText(name)));
    expect(commentsOf(containerText(name))).not.toEqual([]);
    expect(commentsOf(copy)).toEqual([]);
  });

  test.each([
    ['release-gate.mjs', scripts.gate],
    ['release-migrate.mjs', scripts.migrate],
  ])('of %s and what it imports is what a bundler makes of them', async (name, copy) => {
    const options = { bundle: true, write: false, minifyWhitespace: true, platform: 'node', format: 'esm' } as const;
    const bundled = await build({ ...options, entryPoints: [containerPath(name)] });
    const bundledCopy = await build({ ...options, stdin: { contents: copy, loader: 'js' } });
    expect(statements(bundledCopy.outputFiles[0]!.text)).toEqual(statements(bundled.outputFiles[0]!.text));
  });

  test('of the release holds nothing of the other program', () => {
    expect(scripts.gate).not.toMatch(/takeLease|clickhouse|spawn/i);
    expect(scripts.migrate).not.toContain('migrationsOfTheImage');
  });
});

/** Imports stand before the rest, in an order of their own. */
function statements(module: string): string[] {
  const { statements: all } = ts.createSourceFile('module.mjs', module, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const texts = all.map((statement) => statement.getText());
  const imports = texts.filter((text) => text.startsWith('import'));
  return [...imports.sort(), ...texts.filter((text) => !text.startsWith('import'))];
}

describe('leaving out comments', () => {
  const comment = fc.constantFrom(
    '# a comment',
    '  # "half a string',
    "\t# it's one",
    '#!/bin/bash',
    '# <<END',
    '',
    '  ',
  );
  const shellCode = fc.constantFrom(
    'echo "${x#y}" "${x##*/}" $# a#b',
    'echo \'#\' "#" \\# # a comment',
    "cat <<'SQL'\n# not a comment\n\n  # nor this\nSQL",
    'cat <<END\n#\n$x\nEND',
    'cat <<-"END OF IT"\n\t# kept\n\n\tEND OF IT',
    'cat <<\\A - <<B\n# kept\nA\n# kept, too\nB',
    'read -r x <<<"END"',
    'echo $((1 << 2)) $((16#ff))',
    'case $x in\n  # inside\n  a) echo ;;\nesac',
    'if true; then\n  # inside\n\n  echo \\\n    a\nfi',
    '[[ $x =~ ^#+$ ]]',
  );
  const script = fc.array(fc.oneof(comment, shellCode), { minLength: 1, maxLength: 12 });

  test('from any shell script keeps what bash understands of it', () => {
    fc.assert(
      fc.property(script, (lines) => {
        const text = ['true', ...lines, ''].join('\n');
        expect(understood(shellWithoutComments(text))).toBe(understood(text));
      }),
      { numRuns: 150 },
    );
    // A shell for each of two texts a run.
  }, 300_000);

  test('from any module keeps what a parser understands of it', async () => {
    const line = fc.constantFrom(
      '// a comment',
      '/** one */',
      "/*\n * it's\n\n*/",
      '  // "half a string',
      '',
      "const url = 'https://a' + '/*' + \"//\";",
      'const pattern = /\\/\\/ [/*]/g;',
      'const half = 4 /* inside */ / 2; // behind',
      'const text = `// ${1 /* in */} /* kept */`;',
      'if (a) {\n  // inside\n  b();\n}',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
        const text = lines.map((code, index) => code.replace(/^const \w+/, `const name${index}`)).join('\n');
        expect(await parsed(moduleWithoutComments(text))).toBe(await parsed(text));
      }),
      { numRuns: 150 },
    );
  });

  test('puts modules together that import each other and the same things of Node', () => {
    const files: Record<string, string> = {
      'a.mjs':
        "import { join } from 'node:path';\nimport { b } from './b.mjs';\nimport { c } from './c.mjs';\n\nexport const a = join(b, c);\nconsole.log(a);\n",
      'b.mjs': "import { join } from 'node:path';\nimport { c } from './c.mjs';\n\nexport const b = join('b', c);\n",
      'c.mjs': "// Nothing.\nexport const c = 'c';\n",
    };
    const text = oneModule('a.mjs', (name) => files[name]!);
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', text], { encoding: 'utf8' });
    expect(ended.stdout + ended.stderr).toBe('b/c/c\n');
  });
});

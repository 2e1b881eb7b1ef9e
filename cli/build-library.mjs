// Bundles index.ts into build/, as an ES module and as CommonJS with one file of types, for people's own cdk8s apps. What
// they have themselves, cdk8s and constructs, stays outside: two copies of either would not know each other's objects.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { lean } from './lean.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes index.js, index.cjs and index.d.ts into a folder. */
export async function buildLibrary(folder) {
  const common = {
    absWorkingDir: root,
    entryPoints: ['index.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['cdk8s', 'constructs'],
    legalComments: 'none',
    logLevel: 'warning',
    logOverride: { 'import-is-undefined': 'error' },
    plugins: [lean],
  };
  // CommonJS in the bundle asks for Node's own modules, which an ES module has no require for.
  const require =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
  await build({ ...common, format: 'esm', outfile: join(folder, 'index.js'), banner: { js: require } });
  const url = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";
  await build({
    ...common,
    format: 'cjs',
    outfile: join(folder, 'index.cjs'),
    banner: { js: url },
    define: { 'import.meta.url': 'moduleUrl' },
  });
  writeFileSync(join(folder, 'index.d.ts'), types());
  writeFileSync(join(folder, 'index.d.cts'), types());
}

/** The declarations of index.ts with those of the files beside it that it names, in one file. */
function types() {
  const files = ['config/environment-input.ts', 'config/finding.ts', 'index.ts'].map((file) => join(root, file));
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['index.ts'] }, ts.sys, root);
  const emitted = new Map();
  const program = ts.createProgram(files, {
    ...options,
    noEmit: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    declaration: true,
    emitDeclarationOnly: true,
  });
  for (const file of files) {
    program.emit(program.getSourceFile(file), (_, text) => emitted.set(file, text), undefined, true);
  }
  const parts = files.map((file) => declarations(emitted.get(file)));
  return `${parts.join('\n')}\nexport {};\n`;
}

/** Names that index.ts hands on from files beside it. */
const HANDED_ON = ['EnvironmentInput', 'Finding'];

/**
 * The declarations of one file, without imports of our own files, which stand in the same file now. What only index.ts and
 * the types of its exports need is not exported, and functions of other files are not there at all.
 */
function declarations(text) {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.ES2022, true);
  const isIndex = text.includes('class Hexclave ');
  const kept = source.statements.filter((statement) => {
    if (ts.isImportDeclaration(statement)) return !statement.moduleSpecifier.text.startsWith('.');
    return !ts.isExportDeclaration(statement) && (isIndex || !ts.isFunctionDeclaration(statement));
  });
  return kept
    .map((statement) => {
      const written = text.slice(statement.getFullStart(), statement.getEnd()).trimStart();
      const isPublic = isIndex || HANDED_ON.includes(statement.name?.text);
      return isPublic ? written : written.replace(/^export /m, '');
    })
    .concat('')
    .join('\n');
}

// The declarations of the library, as one file that needs none of ours.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** File → the names of it that stand in the declarations of index.ts; all of index.ts itself. */
const PARTS = {
  'config/environment-input.ts': ['EnvironmentInput'],
  'config/finding.ts': ['Severity', 'Place', 'Finding'],
  'index.ts': undefined,
};

/** What index.ts exports, in the order in which it is read; without the fields of environment.yaml on demand. */
export function declarations({ environment = true } = {}) {
  const files = Object.keys(PARTS).filter((file) => environment || file !== 'config/environment-input.ts');
  const [own, ...others] = files.reverse().map((file) => declarationsOf(file, PARTS[file]));
  return [own, ...others].join('\n');
}

function declarationsOf(file, names) {
  const text = readFileSync(join(root, file), 'utf8');
  const { outputText, diagnostics } = ts.transpileDeclaration(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { strict: true, target: ts.ScriptTarget.ES2022 },
  });
  for (const { messageText } of diagnostics ?? []) {
    throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  }
  const source = ts.createSourceFile(file, outputText, ts.ScriptTarget.ES2022, true);
  return source.statements
    .filter((statement) => (names ? names.includes(statement.name?.text) : !isOfOurFiles(statement)))
    .map((statement) => `${outputText.slice(statement.getFullStart(), statement.getEnd()).trimStart()}\n`)
    .join('');
}

/** Imports of our own files, and what is handed on from there: it stands in the same file now. */
function isOfOurFiles(statement) {
  if (ts.isImportDeclaration(statement)) return statement.moduleSpecifier.text.startsWith('.');
  return ts.isExportDeclaration(statement);
}

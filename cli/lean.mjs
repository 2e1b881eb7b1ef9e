// Leaves out of the bundle what the packages load and the command never uses; each costs milliseconds at every start.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export const lean = {
  name: 'lean',
  setup(build) {
    const modules = {
      // The charts use its Kubernetes objects alone, not the 132 modules of its higher-level classes.
      'cdk8s-plus-28': 'export * as k8s from "cdk8s-plus-28/lib/imports/k8s"',
      // cdk8s would download charts with it; it brings Node's network stack along.
      child_process: 'module.exports = { get execFileSync() { return require("node:child_process").execFileSync; } }',
    };
    build.onResolve({ filter: /^(cdk8s-plus-28|child_process)$/ }, ({ path }) => ({ path, namespace: 'lean' }));
    build.onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({ contents: modules[path], resolveDir: root }));
    build.onLoad({ filter: /[\\/]cdk8s-plus-28[\\/]lib[\\/]imports[\\/]k8s\.js$/ }, ({ path }) => ({
      contents: pruned(readFileSync(path, 'utf8'), usedKinds()),
    }));
    // Helm charts, files of others and cdk8s's own test helpers.
    build.onLoad({ filter: /[\\/]cdk8s[\\/]lib[\\/](helm|include|testing)\.js$/ }, () => ({ contents: '' }));
    // zod's messages in fifty languages; the command has its own, in English.
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js"',
    }));
  },
};

/** Source maps are about our sources alone: those of the packages are published, and three times as long. */
export const ownSources = {
  name: 'own-sources',
  setup({ onLoad }) {
    const empty = Buffer.from(
      JSON.stringify({ version: 3, sources: ['package'], sourcesContent: [''], mappings: 'AAAA' }),
    ).toString('base64');
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${empty}`,
    }));
  },
};

/** The names that the charts use of `k8s`; those of types among them are nothing that a bundle has. */
function usedKinds() {
  const files = readdirSync(join(root, 'charts'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const texts = files.map((file) => readFileSync(join(root, 'charts', file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/\bk8s\.(\w+)/g)].map(([, name]) => name)));
}

/**
 * The generated module with the classes of these names, as an ES module: esbuild then drops the functions that none of them
 * calls. The classes it cannot drop by itself, for each extends an expression.
 */
function pruned(text, names) {
  const exported = [...text.matchAll(/^exports\.(\w+) = \1;$/gm)].map(([, name]) => name);
  const result = text
    .replace(/^class (\w+)\b.*\{\n[\s\S]*?^\}\n/gm, (declaration, name) => (names.has(name) ? declaration : ''))
    .replace(/^(\w+)\.GVK = \{[^}]*\};\n/gm, (statement, name) => (names.has(name) ? statement : ''))
    // What jsii needs for other languages.
    .replace(/^(\w+\[_\w+\] = |_\w+ = JSII_RTTI_SYMBOL_1|var _a, |const JSII_RTTI_SYMBOL_1).*\n/gm, '')
    .replace(
      /^(exports\.|Object\.defineProperty\(exports, "__esModule"|"use strict";|\/\/# sourceMappingURL=).*\n?/gm,
      '',
    )
    .replace(/^\}\)\((\w+) = exports\.\1 \|\| \(exports\.\1 = \{\}\)\);$/gm, '})($1 || ($1 = {}));')
    .replace(/^const cdk8s_1 = require\("cdk8s"\);$/m, 'import * as cdk8s_1 from "cdk8s";');
  const foreign = /\b(exports|require|JSII_\w+)\b/.exec(result.replace(/\/\*[\s\S]*?\*\//g, ''));
  if (foreign) throw new Error(`cdk8s-plus-28 is written otherwise than before: ${foreign[0]} is left of its module`);
  return `${result}\nexport { ${exported.filter((name) => names.has(name)).join(', ')} };\n`;
}

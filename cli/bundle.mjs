// Bundles the command into a folder, with the library that lays out pictures beside it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lean, ownSources } from './lean.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/**
 * One function of CommonJS' five variables, which the launcher calls. zod would generate and compile code for every
 * object of the schema, which pays off after hundreds of documents; here it parses a few.
 */
const WRAPPER = [
  '(function (exports, require, module, __filename, __dirname) {',
  'const bundleUrl = require("node:url").pathToFileURL(__filename).href;',
  'globalThis.__zod_globalConfig = { jitless: true };',
].join('\n');

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // A name that lean.mjs has not kept would be undefined at run time only.
  logOverride: { 'import-is-undefined': 'error' },
};

/** Writes the bundles and returns the files that they were made from, as paths from the root. */
export async function bundleCommand(folder, options = {}) {
  const command = build({
    ...common,
    entryPoints: ['cli/index.ts'],
    outfile: join(folder, 'cdk8s-hexclave.cjs'),
    // cdk8s brings a yaml of its own; the same version twice would be loaded twice.
    alias: { yaml: require.resolve('yaml') },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: WRAPPER },
    footer: { js: '})' },
    plugins: [lean, layoutBeside, ...(options.sourcemap ? [ownSources] : [])],
    ...options,
  });
  const layout = build({ ...common, entryPoints: [LAYOUT], outfile: join(folder, 'layout.cjs') });
  const results = await Promise.all([command, layout]);
  return [...new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)))].sort();
}

const LAYOUT = '@dagrejs/dagre';

/** Only `graph` lays out pictures: in the bundle the library would be read at every start. */
const layoutBeside = {
  name: 'layout-beside',
  setup({ onResolve }) {
    onResolve({ filter: /^@dagrejs\/dagre$/ }, () => ({ path: './layout.cjs', external: true }));
  },
};

// Bundles the command into build/, with V8's compiled code, so that it starts in a fraction of the time, and the renderer
// beside it, which the manifests carry.
// `npm ci` runs this; without development dependencies there is nothing to bundle with, and no reason to fail.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lean } from './lean.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const esbuild = await import('esbuild').catch(() => undefined);

/**
 * One function of CommonJS' five variables, which the launcher calls. zod would generate and compile code for every
 * object of the schema, which pays off after hundreds of documents; here it parses a few.
 */
const WRAPPER = [
  '(function (exports, require, module, __filename, __dirname) {',
  'const bundleUrl = require("node:url").pathToFileURL(__filename).href;',
  'globalThis.__zod_globalConfig = { jitless: true };',
].join('\n');

if (esbuild) await build();
else console.log('cdk8s-hexclave: not bundled, for esbuild is a development dependency.');

async function build() {
  // Everything is made aside and put in place by one rename: the launcher finds a whole bundle or none.
  const made = join(root, `build.${process.pid}`);
  mkdirSync(made, { recursive: true });
  try {
    const { buildRenderer } = await import('../container/renderer/build.mjs');
    writeFileSync(join(made, 'renderer.gz'), await buildRenderer());
    const inputs = await bundle(join(made, 'cdk8s-hexclave.cjs'));
    // A process of its own: it changes folder and prints, and V8 keeps its flags in the cache.
    execFileSync(process.execPath, [join(root, 'cli', 'compile.cjs'), made], { stdio: ['ignore', 'ignore', 'pipe'] });
    writeFileSync(join(made, 'inputs.json'), JSON.stringify({ inputs }));
    rmSync(join(root, 'build'), { recursive: true, force: true });
    renameSync(made, join(root, 'build'));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Writes the bundle and returns what it was made from. */
async function bundle(outfile) {
  const started = Date.now();
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['cli/index.ts'],
    outfile,
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
    // Only `graph` lays out pictures: in the bundle it would be read at every start.
    external: ['@dagrejs/dagre'],
    // cdk8s brings a yaml of its own; the same version twice would be loaded twice.
    alias: { yaml: require.resolve('yaml') },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: WRAPPER },
    footer: { js: '})' },
    plugins: [lean],
  });
  // Packages change with the lock file, so that stands for all of them.
  const own = Object.keys(result.metafile.inputs).filter((file) => !/^\w+:|(^|\/)node_modules\//.test(file));
  return [
    ...new Set([...own, 'cli/build.mjs', 'cli/lean.mjs', 'cli/compile.cjs', 'cli/sample.cjs', 'package-lock.json']),
  ]
    .sort()
    .map((file) => {
      const { size, mtimeMs } = statSync(join(root, file));
      // Saved while it was being bundled: which of the two texts is in the bundle, nobody can tell.
      if (mtimeMs > started) return { file, size: -1 };
      return {
        file,
        size,
        mtime: mtimeMs,
        sha256: createHash('sha256')
          .update(readFileSync(join(root, file)))
          .digest('hex'),
      };
    });
}

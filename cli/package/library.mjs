// Bundles index.ts for people's own cdk8s apps. What they have themselves, cdk8s and constructs, stays outside: two copies
// of either would not know each other's objects.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lean, ownSources } from '../lean.mjs';
import { declarations } from './types.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

/** Writes index.cjs, index.mjs and their types into a folder and returns the files that they were made from. */
export async function bundleLibrary(folder) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['index.ts'],
    outfile: join(folder, 'index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['cdk8s', 'constructs'],
    alias: { yaml: require.resolve('yaml') },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'moduleUrl' },
    sourcemap: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'import-is-undefined': 'error' },
    plugins: [lean, ownSources],
  });
  // The ES module hands on what CommonJS made, so that a process with both has one class of each name.
  const names = [...declarations({ environment: false }).matchAll(/^export declare class (\w+)/gm)].map(([, n]) => n);
  const text = `import library from './index.cjs';\nexport const { ${names.sort().join(', ')} } = library;\n`;
  writeFileSync(join(folder, 'index.mjs'), text);
  for (const ending of ['d.cts', 'd.mts']) writeFileSync(join(folder, `index.${ending}`), declarations());
  return Object.keys(metafile.inputs);
}

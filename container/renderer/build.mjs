// Bundles the renderer, with the packages that templates import, into one archive. The same sources give the same bytes
// on every machine: esbuild and fflate are pinned, and Node's own compression, which differs by version, is not used.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gzipSync, strToU8 } from 'fflate';

const here = dirname(fileURLToPath(import.meta.url));

/** The archive: gzip of a JSON object from file name to text. Adds what it was made from to `inputs`. */
export async function buildRenderer(inputs = new Set()) {
  const sets = readdirSync(join(here, 'packages')).sort().reverse();
  const described = sets.map((name) => {
    const { devDependencies } = JSON.parse(readFileSync(join(here, 'packages', name, 'package.json'), 'utf8'));
    return { name, versions: devDependencies, script: `render-${name}.cjs` };
  });
  const files = { 'packages.json': JSON.stringify(described), 'server.cjs': await bundle('server.ts', [], inputs) };
  for (const { name, script } of described) files[script] = await bundle('render.ts', [modulesOf(name)], inputs, true);
  return gzipSync(strToU8(JSON.stringify(files)), { level: 9, mtime: 0 });
}

async function bundle(entry, plugins, inputs, packages = false) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    // Names of functions and classes are seen by templates: React puts them into its messages.
    keepNames: packages,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    inject: packages ? ['shadow.ts'] : [],
    plugins,
  });
  for (const input of Object.keys(metafile.inputs)) inputs.add(join(here, input));
  return outputFiles[0].text;
}

/** The modules that a script may import, as one module that has loaded them all. */
function modulesOf(set) {
  const resolveDir = join(here, 'packages', set);
  const { renderer } = JSON.parse(readFileSync(join(resolveDir, 'package.json'), 'utf8'));
  const imports = renderer.modules.map((name, index) => `import * as m${index} from '${name}';`);
  const entries = renderer.modules.map((name, index) => `'${name}': m${index}`);
  const contents = `${imports.join('\n')}\nexport const modules = { ${entries.join(', ')} };`;
  return {
    name: 'modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^renderer:modules$/ }, ({ path }) => ({ path, namespace: 'renderer' }));
      onLoad({ filter: /.*/, namespace: 'renderer' }, () => ({ contents, resolveDir }));
    },
  };
}

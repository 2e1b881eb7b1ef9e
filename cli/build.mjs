// Bundles the command into build/, with V8's compiled code, so that it starts in a fraction of the time, and the renderer
// beside it, which the manifests carry.
// `npm ci` runs this; without development dependencies there is nothing to bundle with, and no reason to fail.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (await import('esbuild').catch(() => undefined)) await build();
else console.log('cdk8s-hexclave: not bundled, for esbuild is a development dependency.');

async function build() {
  // Everything is made aside and put in place by one rename: the launcher finds a whole bundle or none.
  const made = join(root, `build.${process.pid}`);
  mkdirSync(made, { recursive: true });
  try {
    const { buildRenderer } = await import('../container/renderer/build.mjs');
    writeFileSync(join(made, 'renderer.gz'), await buildRenderer());
    const inputs = await bundle(made);
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
async function bundle(folder) {
  const started = Date.now();
  const { bundleCommand } = await import('./bundle.mjs');
  // Packages change with the lock file, so that stands for all of them.
  const own = (await bundleCommand(folder)).filter((file) => !/^\w+:|(^|\/)node_modules\//.test(file));
  const tools = ['build.mjs', 'bundle.mjs', 'lean.mjs', 'compile.cjs', 'sample.cjs'].map((file) => `cli/${file}`);
  return [...new Set([...own, ...tools, 'package-lock.json'])].sort().map((file) => {
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

#!/usr/bin/env node
// The command's entry: runs the bundle that `npm run build` made when it is fresh, the TypeScript otherwise.
// CommonJS, because Node takes 10 ms longer to start a module.
'use strict';
const { readFileSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const root = dirname(__dirname);
const argv = process.argv.slice(2);

const bundle = freshBundle();
const running = bundle ? Promise.resolve(bundle.run(argv)) : typescript();
module.exports = running.then((code) => {
  process.exitCode = code;
  // Everything is written by now, and there is nothing to wait for: Node would first take its heap apart, piece by piece.
  if (require.main === module) process.exit();
});

/** The bundle's exports; undefined when there is none, or when it is not what the sources say now. */
function freshBundle() {
  const build = join(root, 'build');
  let source, cachedData;
  try {
    const { inputs } = JSON.parse(readFileSync(join(build, 'inputs.json'), 'utf8'));
    if (!inputs.every(isUnchanged)) return undefined;
    // The bundle is plain ASCII: read as Latin-1 it needs no decoding and takes half the memory.
    source = readFileSync(join(build, 'cdk8s-hexclave.cjs'), 'latin1');
    cachedData = readFileSync(join(build, 'cdk8s-hexclave.cache'));
  } catch {
    return undefined;
  }
  // V8 ignores a cache that another version or other flags made; the bundle then takes longer to start, that is all.
  const filename = join(build, 'cdk8s-hexclave.cjs');
  const module = { exports: {} };
  const beside = createRequire(filename);
  new Script(source, { filename, cachedData }).runInThisContext()(module.exports, beside, module, filename, build);
  return module.exports;
}

/** A different time means nothing after a clone, a checkout back and forth or a copied folder: then the contents decide. */
function isUnchanged({ file, size, mtime, sha256 }) {
  const path = `${root}/${file}`;
  const now = statSync(path);
  if (now.size !== size) return false;
  if (now.mtimeMs === mtime) return true;
  return require('node:crypto').createHash('sha256').update(readFileSync(path)).digest('hex') === sha256;
}

async function typescript() {
  try {
    (await import('tsx/esm/api')).register();
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('cdk8s-hexclave is not built, and tsx is not installed to run its sources. Run: npm ci');
    return 1;
  }
  return (await import(require('node:url').pathToFileURL(join(root, 'cli', 'index.ts')))).run(argv);
}

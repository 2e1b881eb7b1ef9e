#!/usr/bin/env node
// The command. Node compiles it at each start unless it finds what it compiled before: the first run that has made
// manifests keeps that beside the bundle, where the folder can be written, and the next ones start in a fraction of the time.
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const build = join(__dirname, 'build');
const filename = join(build, 'cdk8s-hexclave.cjs');
const compiled = join(build, `compiled-${process.version}-${process.arch}.cache`);
const argv = process.argv.slice(2);

const cachedData = read(compiled);
// The bundle is plain ASCII: read as Latin-1 it needs no decoding and takes half the memory.
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(filename), module_, filename, build);

module.exports = module_.exports.run(argv).then(end, crash);

function end(code) {
  process.exitCode = code;
  // V8 compiles a function when it is first called: only such a run has called what every synth needs.
  const isWhole = code === 0 && ['synth', 'app'].includes(argv[0]);
  if (isWhole && (!cachedData || script.cachedDataRejected)) keep();
  // Everything is written by now, and there is nothing to wait for: Node would first take its heap apart, piece by piece.
  if (require.main === module) process.exit();
}

/** Of several at once the last wins: each puts a whole file in place. Where nothing can be written, nothing is kept. */
function keep() {
  const { renameSync, rmSync, writeFileSync } = require('node:fs');
  const aside = `${compiled}.${process.pid}`;
  try {
    writeFileSync(aside, script.createCachedData(), { flag: 'wx' });
    renameSync(aside, compiled);
  } catch {
    try {
      rmSync(aside, { force: true });
    } catch {}
  }
}

/** An error that is no Failure is a bug: its stack is shown with the places in the sources. */
function crash(error) {
  const text = String(error?.stack ?? error);
  let stack = text;
  try {
    const { SourceMap } = require('node:module');
    const map = new SourceMap(JSON.parse(readFileSync(`${filename}.map`, 'utf8')));
    stack = text.replaceAll(/[^\s(]*[\\/]cdk8s-hexclave\.cjs:(\d+):(\d+)/g, (place, line, column) => {
      const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
      return originalSource ? `${originalSource}:${originalLine + 1}:${originalColumn + 1}` : place;
    });
  } catch {}
  console.error(`${stack}\n\nThis is a bug of cdk8s-hexclave: please report it with the lines above.`);
  process.exitCode = 1;
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

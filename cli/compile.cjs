// Runs the commands once on a sample and keeps the code V8 compiled for them, so that no later start compiles it again.
// V8 compiles a function when it is first called: a cache made without a run would hold the outermost function alone.
'use strict';
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Script } = require('node:vm');
const { sampleEnvFile } = require('./sample.cjs');

const folder = process.argv[2];
const filename = join(folder, 'cdk8s-hexclave.cjs');
const script = new Script(readFileSync(filename, 'latin1'), { filename });
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(filename), module_, filename, folder);

compile().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function compile() {
  const sample = mkdtempSync(join(tmpdir(), 'cdk8s-hexclave-'));
  try {
    process.chdir(sample);
    writeFileSync('hexclave.env', sampleEnvFile());
    for (const argv of [['init', 'sample', '--from', 'hexclave.env'], ['check'], ['synth'], ['app']]) {
      const code = await module_.exports.run(argv);
      if (code !== 0) throw new Error(`cdk8s-hexclave ${argv.join(' ')} ended with ${code} on the sample`);
    }
  } finally {
    process.chdir(folder);
    rmSync(sample, { recursive: true });
  }
  writeFileSync(join(folder, 'cdk8s-hexclave.cache'), script.createCachedData());
}

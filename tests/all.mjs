// npm test: lint, types and the tests, at the same time, for each leaves a core idle now and then. What the first two have to
// say comes after the tests.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const checks = [
  ['lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
].map(([what, ...args]) => ({ what, ended: node(args, 'pipe') }));

let failed = false;
if ((await node(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], 'inherit')).code !== 0)
  failed = true;
for (const { what, ended } of checks) {
  const { code, output } = await ended;
  if (code !== 0) failed = true;
  console.log(code === 0 ? `${what}: no problems` : `${output}\n${what}: failed`);
}
process.exitCode = failed ? 1 : 0;

function node([program, ...args], stdio) {
  const child = spawn(process.execPath, [join(root, program), ...args], { cwd: root, stdio: ['ignore', stdio, stdio] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

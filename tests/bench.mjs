// `npm run bench`: how long a whole synth takes, from the start of the process to its end, next to a Node that does
// nothing. Runs are interleaved, so that a busy moment of the machine hits all of them alike.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = Number(process.argv[2] ?? 21);
const SIZES = [1, 10, 100];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { sampleEnvFile } = createRequire(import.meta.url)('../cli/sample.cjs');
const launcher = join(root, 'cli', 'cdk8s-hexclave.cjs');

const folder = mkdtempSync(join(tmpdir(), 'hexclave-bench-'));
try {
  node(folder, join(root, 'cli', 'build.mjs'));
  const floor = { name: 'node -e 0', cwd: folder, args: ['-e', '0'] };
  print(race([floor, ...SIZES.map(candidate)]));
} finally {
  rmSync(folder, { recursive: true });
}

/** Synth in a folder with that many environments: the command makes one, the others are copies under other names. */
function candidate(size) {
  const cwd = join(folder, String(size));
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'hexclave.env'), sampleEnvFile());
  node(cwd, launcher, 'init', 'e0', '--from', 'hexclave.env');
  for (let index = 1; index < size; index++) {
    const copy = join(cwd, 'environments', `e${index}`);
    mkdirSync(copy);
    for (const file of ['environment.yaml', 'config.env', 'secrets.env']) {
      const text = readFileSync(join(cwd, 'environments', 'e0', file), 'utf8');
      writeFileSync(join(copy, file), text.replace('hexclave-e0', `hexclave-e${index}`));
    }
  }
  return { name: `synth, ${size} environment${size === 1 ? '' : 's'}`, cwd, args: [launcher, 'synth'] };
}

function race(candidates) {
  const hook = join(folder, 'memory.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeSync(1, '\\n' + process.resourceUsage().maxRSS));`,
  );
  const results = candidates.map(({ name, cwd, args }) => {
    // Memory has a run of its own, which also takes the reading of the files from disk out of the timed ones.
    const memory =
      Number(
        node(cwd, '--require', hook, ...args)
          .split('\n')
          .at(-1),
      ) / 1024;
    return { name, memory, times: [] };
  });
  for (let run = 0; run < RUNS; run++) {
    for (const [index, { cwd, args }] of candidates.entries()) {
      const start = performance.now();
      node(cwd, ...args);
      results[index].times.push(performance.now() - start);
    }
  }
  return results;
}

function print(results) {
  const floor = quantile(results[0].times, 0.5);
  console.log(`Node ${process.version}, ${RUNS} runs each, milliseconds from start to exit\n`);
  console.log('                          median   over floor   p10–p90   peak memory');
  for (const { name, times, memory } of results) {
    const median = quantile(times, 0.5);
    const spread = `${quantile(times, 0.1).toFixed(0)}–${quantile(times, 0.9).toFixed(0)}`;
    const cells = [median.toFixed(0).padStart(6), (median - floor).toFixed(0).padStart(12), spread.padStart(9)];
    console.log(`${name.padEnd(26)}${cells.join(' ')}${`${memory.toFixed(0)} MB`.padStart(14)}`);
  }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)];
}

function node(cwd, ...args) {
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${run.status}:\n${run.stderr}`);
  return run.stdout;
}

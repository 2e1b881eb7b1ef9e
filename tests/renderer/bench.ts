import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { NODE, TestRenderer } from './lib';
import { moduleOf } from './templates';

/**
 * How long a render takes on one CPU, beside a Node that is started for it: `npm run bench:renderer`. No test: machines
 * differ, and what else runs there counts, so its load comes first.
 */
const script = await moduleOf('style sheets of Tailwind');
print('machine', `${cpus().length} CPUs, ${cpus()[0]?.model}, load ${loadavg()[0]!.toFixed(1)}`);
print('Node', spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stdout.trim());
const started = performance.now();
const renderer = await TestRenderer.start();
try {
  print('start until it is ready', `${Math.round(performance.now() - started)} ms`);
  print('memory of a process that waits', `${Math.round(waitingMemory() / 1024)} MiB`);
  for (const pid of [renderer.pid, ...renderer.children()]) spawnSync('taskset', ['-a', '-p', '-c', '0', String(pid)]);
  const [used, count] = [childrenSeconds(), 20];
  for (let render = 0; render < count; render++) await timed();
  print(
    'CPU of a render',
    `${Math.round(((childrenSeconds() - used) / count) * 1000)} ms, the start of its process included`,
  );
  const paced: number[] = [];
  const pending: Promise<void>[] = [];
  for (let count = 0; count < 100; count++) {
    pending.push(timed().then((ms) => void paced.push(ms)));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await Promise.all(pending);
  print('10 renders a second, one CPU', `median ${at(paced, 0.5)} ms, 99 % ${at(paced, 0.99)} ms`);
  const before = performance.now();
  await Promise.all(Array.from({ length: 100 }, timed));
  print('as many as it can, one CPU', `${(100_000 / (performance.now() - before)).toFixed(1)} a second`);
  const floor = Array.from({ length: 10 }, plain);
  print('a new Node for each', `median ${at(floor, 0.5)} ms`);
} finally {
  await renderer.remove();
}

async function timed(): Promise<number> {
  const from = performance.now();
  const { status, body } = await renderer.run(script);
  if (status !== 200 || body.result.status !== 'ok') throw new Error(JSON.stringify(body));
  return performance.now() - from;
}

/** The floor: start Node, load the packages, render. */
function plain(): number {
  const folder = mkdtempSync(join(new URL('../../node_modules/', import.meta.url).pathname, '.bench-'));
  try {
    writeFileSync(join(folder, 'code.mjs'), script);
    writeFileSync(join(folder, 'run.mjs'), 'import run from "./code.mjs"; await run();');
    const from = performance.now();
    spawnSync(NODE, [join(folder, 'run.mjs')], { env: { NODE_ENV: 'production' } });
    return performance.now() - from;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of CPU that processes have taken which have ended. */
function childrenSeconds(): number {
  const fields = readFileSync(`/proc/${renderer.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function waitingMemory(): number {
  const status = readFileSync(`/proc/${renderer.children()[0]}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)![1]);
}

function at(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(32)}${value}`);
}

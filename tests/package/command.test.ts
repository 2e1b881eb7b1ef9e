import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, giveToUnprivileged, node, root } from '../support/cli';
import { Consumer, managers, nodes } from './consumer';

describe.each([...nodes])('npx in an empty folder, with Node %s', (_, program) => {
  it('makes an environment and its manifests, the same as in the repository', async () => {
    const consumer = new Consumer(program);
    const npx = (...args: string[]) => consumer.must(managers.npx, '--yes', 'cdk8s-hexclave', ...args);
    await npx('init', 'production', '--from', '../hexclave.env');
    const made = ['.gitignore', 'cdk8s.yaml', 'environment.schema.json', 'environments'];
    expect(readdirSync(consumer.folder).sort()).toEqual(made);
    await npx('synth');
    const here = node(consumer.folder, [join(root, 'cli/cdk8s-hexclave.cjs'), 'synth', '--output', 'here']);
    expect(here).toMatchObject({ code: 0 });
    expect(contents(join(consumer.folder, 'dist/production'))).toEqual(
      contents(join(consumer.folder, 'here/production')),
    );
    expect((await npx('graph', 'production')).stdout).toMatch(/^<svg /);
  });
});

describe('the command, installed', () => {
  it('brings no other package along and runs no script', async () => {
    const consumer = await installed();
    expect(readdirSync(join(consumer.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'cdk8s-hexclave',
    ]);
    const { scripts } = JSON.parse(readFileSync(join(home(consumer), 'package.json'), 'utf8'));
    expect(scripts).toBeUndefined();
  });

  it('compiles itself once, and anew when what it kept is of no use', async () => {
    const consumer = await installed();
    await consumer.must(bin(consumer), 'init', 'production', '--from', '../hexclave.env');
    expect(kept(consumer)).toEqual([]);
    await consumer.must(bin(consumer), 'synth');
    const [file] = kept(consumer);
    expect(file).toBe(`compiled-${process.version}-${process.arch}.cache`);
    const path = join(home(consumer), 'build', file!);
    const good = readFileSync(path);
    writeFileSync(path, good.subarray(0, 1000));
    await consumer.must(bin(consumer), 'synth');
    expect(readFileSync(path).length).toBeGreaterThan(good.length / 2);
    expect(kept(consumer)).toEqual([file]);
  });

  it('takes less from the second synth on', async () => {
    const consumer = await installed();
    await consumer.must(bin(consumer), 'init', 'production', '--from', '../hexclave.env');
    const first = [0, 1, 2].map(() => {
      forget(consumer);
      return effort(consumer);
    });
    const later = [0, 1, 2].map(() => effort(consumer));
    console.log(`synth: ${Math.min(...first)} ms of CPU without compiled code, ${Math.min(...later)} ms with it`);
    expect(Math.min(...later)).toBeLessThan(Math.min(...first) * 0.9);
  });

  it('works from a node_modules that nobody can write', async () => {
    const consumer = await installed();
    await consumer.must(bin(consumer), 'init', 'production', '--from', '../hexclave.env');
    chmodSync(join(home(consumer), 'build'), 0o555);
    giveToUnprivileged(dirname(consumer.folder));
    const run = node(consumer.folder, [bin(consumer), 'synth'], { unprivileged: true });
    expect(run).toMatchObject({ code: 0 });
    expect(existsSync(join(consumer.folder, 'dist/production'))).toBe(true);
    expect(kept(consumer)).toEqual([]);
  });

  it('makes the evaluation in an empty folder', async () => {
    const consumer = await installed();
    expect((await consumer.must(bin(consumer), 'quickstart')).stdout).toContain('kubectl apply');
    expect(existsSync(join(consumer.folder, 'dist/evaluation/40-server.k8s.yaml'))).toBe(true);
  });

  it('shows the place in the sources of an error that is a bug', async () => {
    const consumer = await installed();
    // Without its programs a synth is none: somebody has taken files out of the package.
    await consumer.must(bin(consumer), 'init', 'production', '--from', '../hexclave.env');
    const bundle = join(home(consumer), 'build/cdk8s-hexclave.cjs');
    const text = readFileSync(bundle, 'utf8');
    expect(text).toContain('objects in ');
    writeFileSync(
      bundle,
      text.replace(/\$\{(\w+)\} objects in /, (_, name) => `\${null[${name}]} objects in `),
    );
    const run = await consumer.run(bin(consumer), 'synth');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/TypeError[\s\S]*cli\/synth\.ts:\d+:\d+[\s\S]*bug of cdk8s-hexclave/);
  });
});

async function installed(): Promise<Consumer> {
  const consumer = new Consumer();
  consumer.write({ 'package.json': '{"name":"platform","private":true}' });
  await consumer.must(managers.npm, 'install', '--ignore-scripts', 'cdk8s-hexclave');
  return consumer;
}

function home({ folder }: Consumer): string {
  return join(folder, 'node_modules/cdk8s-hexclave');
}

function bin(consumer: Consumer): string {
  return join(home(consumer), 'cdk8s-hexclave.cjs');
}

function kept(consumer: Consumer): string[] {
  return readdirSync(join(home(consumer), 'build')).filter((file) => file.includes('compiled'));
}

function forget(consumer: Consumer): void {
  for (const file of kept(consumer)) rmSync(join(home(consumer), 'build', file));
}

/** Milliseconds of CPU that a synth takes until its manifests are there; what else the machine does matters less to it. */
function effort(consumer: Consumer): number {
  const stop = 'process.on("exit", () => console.log("cpu", Object.values(process.cpuUsage()).join(" ")))';
  consumer.write({ 'stop.cjs': stop });
  const run = node(consumer.folder, ['--require', './stop.cjs', bin(consumer), 'synth']);
  const [, user, system] = /^cpu (\d+) (\d+)$/m.exec(run.stdout)!;
  return Math.round((Number(user) + Number(system)) / 1000);
}

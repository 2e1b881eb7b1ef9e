import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bed } from './lib/kubectl';

const scripts = join(import.meta.dirname, 'bed');

describe.runIf(bed)('a bed', () => {
  it('leaves no process, mount, control group or file behind when its owner is killed', {
    timeout: 300_000,
  }, async () => {
    const owner = spawn('sleep', ['600']);
    const state = await output(join(scripts, 'up.sh'), '--owner', String(owner.pid));
    expect(await remains(state)).not.toEqual([]);
    owner.kill('SIGKILL');
    await gone(state);
  });

  it('that is still starting goes when its starter is killed', { timeout: 300_000 }, async () => {
    const starter = spawn(join(scripts, 'up.sh'), { stdio: 'ignore' });
    let state: string | undefined;
    for (; !state; await sleep(100)) {
      for (const candidate of await states()) {
        const owner = await readFile(join(candidate, 'owner'), 'utf8').catch(() => '');
        if (owner.trim() === String(starter.pid)) state = candidate;
      }
    }
    await sleep(1000);
    starter.kill('SIGKILL');
    await gone(state);
  });
});

async function gone(state: string): Promise<void> {
  const end = Date.now() + 120_000;
  while ((await remains(state)).length > 0 && Date.now() < end) await sleep(500);
  expect(await remains(state)).toEqual([]);
}

/** What there is of a bed: its folder, control groups, and the processes and mounts that name the folder. */
async function remains(state: string): Promise<string[]> {
  const found = (await states()).filter((name) => name === state);
  const groups = await readdir('/sys/fs/cgroup');
  for (const group of groups) {
    if ((await readdir(join('/sys/fs/cgroup', group)).catch((): string[] => [])).includes(basename(state)))
      found.push(`control group of ${group}`);
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(state)) found.push(`process ${command.replaceAll('\0', ' ')}`);
  }
  if ((await readFile('/proc/self/mounts', 'utf8')).includes(state)) found.push('mounts');
  return found;
}

async function states(): Promise<string[]> {
  const folder = process.env.TMPDIR ?? '/tmp';
  return (await readdir(folder)).filter((name) => name.startsWith('hexclave-bed.')).map((name) => join(folder, name));
}

function output(command: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
    });
    child.on('close', (code) => (code === 0 ? resolve(text.trim()) : reject(new Error(`${command}: exit ${code}`))));
  });
}

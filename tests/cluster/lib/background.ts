import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Starts a kubectl that goes on for as long as the test file does, and returns the part of its output that the pattern
 * captures, such as the port it listens on.
 */
export function background(args: readonly string[], pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    // A test file is a thread: the kernel ends the process with it, however it ends.
    const command = ['--pdeathsig', 'KILL', process.env.HEXCLAVE_KUBECTL ?? 'kubectl', ...args];
    const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const read = (part: Buffer) => {
      output += part;
      const found = pattern.exec(output)?.[1];
      if (!found) return;
      resolve(found);
      // Nobody has to wait for it.
      child.unref();
      for (const stream of [child.stdout, child.stderr]) (stream as unknown as Socket).unref();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`kubectl ${args.join(' ')}: exit ${code}\n${output}`)));
  });
}

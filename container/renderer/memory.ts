import { readFileSync } from 'node:fs';
import { LIMITS } from './limits';
import type { Program } from './program';
import { startRenderer } from './renderer';

/**
 * The program with a limit on its memory. How much a process counts before its script starts depends on the version of
 * Node (22 has 50 MB, 26 reserves half a gigabyte for code), so one is started to be measured.
 */
export async function limitMemory(program: Program): Promise<Program> {
  const renderer = await startRenderer(program);
  try {
    const status = readFileSync(`/proc/${renderer.pid}/status`, 'utf8');
    return { ...program, memoryKiB: Number(/^VmData:\s+(\d+) kB$/m.exec(status)![1]) + LIMITS.memoryKiB };
  } finally {
    renderer.kill();
  }
}

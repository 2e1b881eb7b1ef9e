import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

/** Results: what a program may read. */
export function out(text: string): void {
  write(1, text);
}

/** Findings, progress and errors: what a person reads. */
export function err(text: string): void {
  write(2, text);
}

export type Style = 'red' | 'yellow' | 'green' | 'bold' | 'dim';

/** Colours a text for standard output (1) or standard error (2), only on a terminal and not with NO_COLOR. */
export function paint(stream: 1 | 2, style: Style, text: string): string {
  return !process.env.NO_COLOR && isTerminal(stream) ? `\x1b[${codes[style]}m${text}\x1b[0m` : text;
}

const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/** As node:tty says, without the 6 ms that it takes to load. */
function isTerminal(stream: 1 | 2): boolean {
  const device = fstatSync(stream);
  return device.isCharacterDevice() && device.rdev !== statSync(devNull, { throwIfNoEntry: false })?.rdev;
}

/** Synchronous, so that nothing is cut off at the exit; `process.stdout` alone would cost 3 ms to set up. */
function write(stream: 1 | 2, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stream, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that has seen enough, as in `| head`, is no error.
      if (code === 'EPIPE') return;
      // A full non-blocking pipe: Node's stream knows how to wait for it.
      if (code !== 'EAGAIN') throw error;
      (stream === 1 ? process.stdout : process.stderr).write(rest);
      return;
    }
  }
}

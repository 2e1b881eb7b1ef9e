import { readFileSync } from 'node:fs';

/** The bytes of a file. An error names it, which Node leaves out where the file is a folder. */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  }
}

import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { join, slashed } from '../config/paths';

/** An absolute path with the symbolic links of the part that exists followed. */
export function realPath(path: string): string {
  if (existsSync(path)) return slashed(realpathSync(path));
  return dirname(path) === path ? path : join(realPath(dirname(path)), path.slice(dirname(path).length));
}

import * as native from 'node:path';

/**
 * Paths with `/` whatever the system: Windows opens them as well, and findings, JSON and the commands that are shown are then the
 * same text everywhere, which tools and tests can rely on.
 */
export function pathsOf(system: Pick<native.PlatformPath, 'join' | 'resolve' | 'relative' | 'sep'>) {
  /** A path that the system has given, such as the real one of a link. Elsewhere than on Windows `\` is part of a name. */
  const slashed = (path: string): string => (system.sep === '\\' ? path.replaceAll('\\', '/') : path);
  return {
    slashed,
    join: (...parts: readonly string[]): string => slashed(system.join(...parts)),
    resolve: (path: string): string => slashed(system.resolve(path)),
    relative: (from: string, to: string): string => slashed(system.relative(from, to)),
  };
}

export const { join, resolve, relative, slashed } = pathsOf(native);

import { Refused } from './exchange';
import type { Job, Outcome } from './outcome';
import { findSet, Lacking, type PackageSet } from './packages';
import { Busy, type Pool } from './pool';

/** Runs a job with the packages it asks for. */
export type Engine = (job: Job, packages: Record<string, string>, signal: AbortSignal) => Promise<Outcome>;

/** What both protocols stand on. What cannot be run is refused with the code that the first protocol has for it. */
export function createEngine(sets: readonly PackageSet[], poolOf: (set: PackageSet) => Pool): Engine {
  return async (job, packages, signal) => {
    const started = performance.now();
    try {
      const outcome = await poolOf(findSet(sets, packages)).render(job, signal);
      log(outcome, performance.now() - started);
      return outcome;
    } catch (error) {
      if (error instanceof Lacking) {
        console.error(`renderer: ${error.message}`);
        throw new Refused(500, 'NODE_MODULES_INSTALL_FAILED', error.message);
      }
      if (error instanceof Busy) {
        console.error(`renderer: refused: ${error.message}`);
        throw new Refused(503, 'SERVICE_UNAVAILABLE', error.message);
      }
      throw error;
    }
  };
}

/** Never what a script says: that may be a sign-in code. */
function log(outcome: Outcome, ms: number): void {
  const how = 'stopped' in outcome ? `stopped (${outcome.stopped})` : 'error' in outcome ? 'threw' : 'ended';
  console.log(`renderer: a script ${how} after ${Math.round(ms)} ms`);
}

/** Names and versions out of a request or a package.json. */
export function versions(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, version]) => [name, String(version)]));
}

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take longest, the longest first: what starts last should not be what everybody waits for. */
const LONG = [
  'maintenance',
  'doctor',
  'sidecars',
  'evaluation',
  'upgrade-a',
  'upgrade-from-landed',
  'upgrade-c',
  'install',
  'apply',
  'changes',
  'stand-in',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? LONG.length : found;
    };
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/cluster/**/*.test.ts'],
    globalSetup: ['tests/cluster/lib/shared.ts'],
    // Tests mostly wait for the cluster; files work in namespaces of their own.
    pool: 'threads',
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['verbose'],
  },
});

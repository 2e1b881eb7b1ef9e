import { defineConfig } from 'vitest/config';
import { NotRun, tags } from './tests/support/programs.ts';
import { programTests } from './vitest.programs.config.ts';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    // Each of these has a runner of its own: the programs of others, real API servers and controllers, ClickHouse's engine.
    exclude: [
      ...programTests,
      'tests/cluster/**',
      'tests/controllers/**',
      'tests/engine/**',
      'tests/judges/**',
      'tests/package/**',
      'tests/server/**',
    ],
    tags,
    reporters: ['default', new NotRun()],
    pool: 'threads',
    maxWorkers: 3,
    // No file changes what others share, and loading cdk8s anew for each takes a third of the time.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    // Each of these has a runner of its own: a real API server, ClickHouse's engine, the programs of others.
    exclude: ['tests/cluster/**', 'tests/controllers/**', 'tests/engine/**', 'tests/judges/**'],
    // Much of the time is waiting for servers and processes, so a machine with two cores has room for three files.
    pool: 'threads',
    maxWorkers: 3,
    // No file changes what others share, and loading cdk8s anew for each takes a third of the time.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

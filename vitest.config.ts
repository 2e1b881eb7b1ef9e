import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    // Each of these has a runner of its own: a real API server, ClickHouse's engine, the programs of others.
    exclude: ['tests/cluster/**', 'tests/engine/**', 'tests/judges/**'],
    // Files start servers and processes of their own: two at a time suit a machine with two cores.
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

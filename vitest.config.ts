import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    // tests/cluster talks to a real API server, tests/judges runs programs of others: both have runners of their own.
    exclude: ['tests/cluster/**', 'tests/judges/**'],
    // Files start servers and processes of their own: two at a time suit a machine with two cores.
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

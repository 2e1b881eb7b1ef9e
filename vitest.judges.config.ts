import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/judges/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // checkov takes three seconds of a quiet machine, in a process for each folder.
    maxConcurrency: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
  },
});

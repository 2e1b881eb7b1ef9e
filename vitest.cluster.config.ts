import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/cluster/**/*.test.ts'],
    // Tests mostly wait for the cluster; files work in namespaces of their own.
    pool: 'threads',
    maxWorkers: 3,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A machine that is busy for a moment misses a time limit once; a property that is broken fails twice.
    retry: 1,
    reporters: ['verbose'],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/cluster/**/*.test.ts'],
    globalSetup: ['tests/cluster/lib/shared.ts'],
    // Tests mostly wait for the cluster; files work in namespaces of their own.
    pool: 'threads',
    maxWorkers: 4,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['verbose'],
  },
});

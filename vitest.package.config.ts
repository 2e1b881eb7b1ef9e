import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/package/**/*.test.ts'],
    // Makes the package and serves it, with what it can be used with, from this machine.
    globalSetup: ['tests/package/setup.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['verbose'],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/engine/**/*.test.ts'],
    // The engine is native code that takes a process for itself.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from 'vitest/config';
import { NotRun, tags } from './tests/support/programs.ts';

/** What works with programs of others for more than a moment: databases, proxies, shells in namespaces, sealing and encryption. */
export const programTests = [
  'tests/cli/images-registry.test.ts',
  'tests/container/!(lint).test.ts',
  'tests/edge/proxies.test.ts',
  'tests/renderer/{attacks,clients}.test.ts',
  'tests/secrets/{canary,sealed-secrets,sops}.test.ts',
  'tests/stores/{clickhouse,mailpit,postgres,seaweedfs}.test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    include: programTests,
    tags,
    reporters: ['default', new NotRun()],
    // Much of the time is waiting for servers and processes, so a machine with two cores has room for three files.
    pool: 'threads',
    maxWorkers: 3,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

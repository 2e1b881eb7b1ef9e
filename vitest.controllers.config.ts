import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const folder = 'tests/controllers';
const suites = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/build.sh`));

/** One project a controller: `--project NAME` chooses it and starts what its `start.ts` starts. */
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: suites.map((name) => ({
      test: {
        name,
        environment: 'node',
        include: [`${folder}/${name}/**/*.test.ts`],
        globalSetup: ['tests/cluster/lib/shared.ts', `${folder}/${name}/start.ts`],
        // Tests mostly wait for the cluster; files work in namespaces of their own.
        pool: 'threads',
        maxWorkers: 4,
        testTimeout: 180_000,
        hookTimeout: 180_000,
      },
    })),
  },
});

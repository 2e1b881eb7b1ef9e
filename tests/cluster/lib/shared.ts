import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { apply, kubectl } from './kubectl';
import { restricted, startPod } from './pods';
import { startStores } from './stores';

declare module 'vitest' {
  interface ProvidedContext {
    /** Namespace of the stores that all test files share; there is also a pod `client` with curl. */
    stores: string;
  }
}

/** Before all test files: one PostgreSQL and one ClickHouse for those that do not take theirs away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = `stores-${randomBytes(3).toString('hex')}`;
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: restricted } }]);
  await Promise.all([startStores(name), startPod(name, 'client')]);
  project.provide('stores', name);
  return async () => {
    await kubectl(['delete', 'namespace', name, '--wait=false']);
  };
}

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { apply, kubectl } from './kubectl';
import { restricted } from './pods';
import { dump } from './wait';

/**
 * Gives the tests of a `describe` a namespace of their own, made before the first and deleted after the last. When a
 * test fails, the state of the namespace is printed. With `create: false` the tests' own manifests bring the Namespace.
 */
export function useNamespace(
  prefix: string,
  { labels = restricted, create = true }: { labels?: Record<string, string>; create?: boolean } = {},
): string {
  // Several runs may share a user's cluster.
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  beforeAll(async () => {
    if (create) await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => console.error(await dump(name)), 60_000);
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
  });
  return name;
}

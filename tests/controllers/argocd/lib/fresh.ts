import { expect } from 'vitest';
import { migrationJobs, restarts } from '../../../cluster/fixtures/environment';
import type { Stores } from '../../../cluster/lib/stores';
import { type ApplicationProps, outOfSync, refreshed, settled } from './application';
import { type Synced, syncedEnvironment } from './environment';

/**
 * An environment on a fresh cluster by an Application: Synced and Healthy without a person, in one sync, and a second look
 * finds no difference.
 */
export async function firstSync(
  stores: Stores,
  namespace: string,
  options: Partial<ApplicationProps> = {},
): Promise<Synced> {
  const env = await syncedEnvironment(stores, namespace, { yaml: { replicas: 1 } }, options);
  const first = await settled(namespace, env.revision);
  const again = await refreshed(namespace);
  expect(outOfSync(again)).toEqual([]);
  expect(again.status.sync.status).toBe('Synced');
  expect(again.status.conditions ?? []).toEqual([]);
  expect(again.status.history).toHaveLength(1);
  expect(again.status.operationState.retryCount ?? 0).toBe(0);
  expect(again.status.operationState.finishedAt).toBe(first.status.operationState.finishedAt);
  expect(await migrationJobs(namespace)).toHaveLength(1);
  expect(await restarts(namespace)).toBe(0);
  return env;
}

import { expect } from 'vitest';
import { environmentOn, migrationJobs, restarts } from '../../../cluster/fixtures/environment';
import type { Stores } from '../../../cluster/lib/stores';
import { dist, prepare } from '../../lib/dist';
import { repository } from '../../lib/git';
import {
  type ApplicationProps,
  createApplication,
  giveAddresses,
  outOfSync,
  refreshed,
  settled,
  until,
} from './application';

/**
 * An environment on a fresh cluster by an Application: Synced and Healthy without a person, in one sync, and a second look
 * finds no difference.
 */
export async function firstSync(
  stores: Stores,
  namespace: string,
  options: Partial<ApplicationProps> = {},
): Promise<void> {
  await stores.createDatabase(namespace);
  const files = environmentOn(namespace, stores, namespace, { yaml: { replicas: 1 } });
  await prepare(files);
  const { url, push } = await repository(namespace);
  const revision = await push('The first one', dist(files));
  await createApplication({ name: namespace, repoURL: url, path: `dist/${namespace}`, namespace, ...options });
  await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision });
  await giveAddresses(namespace);
  const first = await settled(namespace, revision);
  const again = await refreshed(namespace);
  expect(outOfSync(again)).toEqual([]);
  expect(again.status.sync.status).toBe('Synced');
  expect(again.status.conditions ?? []).toEqual([]);
  expect(again.status.history).toHaveLength(1);
  expect(again.status.operationState.retryCount ?? 0).toBe(0);
  expect(again.status.operationState.finishedAt).toBe(first.status.operationState.finishedAt);
  expect(await migrationJobs(namespace)).toHaveLength(1);
  expect(await restarts(namespace)).toBe(0);
}

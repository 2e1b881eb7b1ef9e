import { environmentOn, type Wishes } from '../../../cluster/fixtures/environment';
import type { Stores } from '../../../cluster/lib/stores';
import type { Files } from '../../../support/cases';
import { dist, prepare } from '../../lib/dist';
import { type Repository, repository } from '../../lib/git';
import { createKustomization, settled } from './kustomization';

/** An environment that Flux syncs from a repository of its own. */
export interface Synced {
  readonly repository: Repository;
  /** Its files, with other wishes. */
  files(wishes?: Wishes): Files;
  /** Commits the environment with these wishes, and returns the commit. */
  push(message: string, wishes?: Wishes): Promise<string>;
}

/** Makes an environment with the Kustomization of examples/, and waits until it is Ready. */
export async function syncedEnvironment(stores: Stores, namespace: string, wishes: Wishes): Promise<Synced> {
  await stores.createDatabase(namespace);
  const files = (more: Wishes = {}) =>
    environmentOn(namespace, stores, namespace, { ...wishes, ...more, yaml: { ...wishes.yaml, ...more.yaml } });
  await prepare(files());
  const made = await repository(namespace);
  const push = (message: string, more?: Wishes) => made.push(message, dist(files(more)));
  const revision = await push('The first one');
  await createKustomization(namespace, made.url);
  await settled(namespace, revision);
  return { repository: made, files, push };
}

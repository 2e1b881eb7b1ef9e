import { environmentOn, serverPods, type Wishes } from '../../../cluster/fixtures/environment';
import type { Stores } from '../../../cluster/lib/stores';
import type { Files } from '../../../support/cases';
import { dist, prepare } from '../../lib/dist';
import { type Repository, repository } from '../../lib/git';
import { type ApplicationProps, announce, createApplication, giveAddresses, settled, until } from './application';

/** An environment that Argo CD syncs from a repository of its own. */
export interface Synced {
  readonly repository: Repository;
  /** The first commit. */
  readonly revision: string;
  /** Its files, with other wishes. */
  files(wishes?: Wishes): Files;
  /** Commits the environment with these wishes, and returns the commit. */
  push(message: string, wishes?: Wishes): Promise<string>;
}

/** Makes an environment with the Application of examples/, and waits until it is settled. */
export async function syncedEnvironment(
  stores: Stores,
  namespace: string,
  wishes: Wishes,
  options: Partial<ApplicationProps> = {},
): Promise<Synced> {
  await stores.createDatabase(namespace);
  const files = (more: Wishes = {}) =>
    environmentOn(namespace, stores, namespace, { ...wishes, ...more, yaml: { ...wishes.yaml, ...more.yaml } });
  await prepare(files());
  const made = await repository(namespace);
  const revision = await made.push('The first one', dist(files()));
  await createApplication({ name: namespace, repoURL: made.url, path: `dist/${namespace}`, namespace, ...options });
  await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision });
  await giveAddresses(namespace);
  // Without the metrics API an autoscaler is Degraded, and the application with it.
  if (typeof wishes.yaml?.replicas === 'number') await settled(namespace, revision);
  const push = async (message: string, more?: Wishes) => {
    const commit = await made.push(message, dist(files(more)));
    await announce(namespace);
    return commit;
  };
  return { repository: made, revision, files, push };
}

/** The releases that server pods run, the oldest pod first; those that are being drained are left out. */
export async function tags(namespace: string): Promise<string[]> {
  return (await serverPods(namespace)).map(({ spec }) => spec.containers[0].image.split(':')[1]);
}

import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { apply, get, kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';

const FLUX = 'flux-system';

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
type Anything = any;

/** What a test wants otherwise than the example has it. */
export interface KustomizationProps {
  /** Of both objects. */
  readonly name: string;
  readonly url: string;
  readonly path: string;
  /** Further fields of the Kustomization's spec, or other values for those of the example. @default - none */
  readonly spec?: object;
}

/** examples/flux/kustomization.yaml for an environment of a test, applied. */
export async function createKustomization({ name, url, path, spec }: KustomizationProps): Promise<void> {
  const text = readFileSync(new URL('../../../../examples/flux/kustomization.yaml', import.meta.url), 'utf8');
  const [repository, kustomization] = parseAllDocuments(text).map((document) => document.toJS());
  repository.metadata.name = name;
  Object.assign(repository.spec, { url, interval: '5s' });
  kustomization.metadata.name = name;
  Object.assign(kustomization.spec, { path, interval: '10s', retryInterval: '5s', ...spec });
  kustomization.spec.sourceRef.name = name;
  await apply([repository, kustomization]);
}

/** The Kustomization as it stands. */
export function current(name: string): Promise<Anything> {
  return get('kustomization.kustomize.toolkit.fluxcd.io', name, '-n', FLUX);
}

/** The condition by which Flux says how a Kustomization is. */
export function ready(object: Anything): Anything {
  return object.status?.conditions?.find(({ type }: Anything) => type === 'Ready') ?? {};
}

/** Waits until the Kustomization says that a commit is applied and everything of it is well. */
export function settled(name: string, revision: string, seconds = 300): Promise<Anything> {
  return eventually(
    `${name} is Ready at ${revision}`,
    async () => {
      const object = await current(name);
      const { status, reason, message } = ready(object);
      if (status !== 'True' || !object.status.lastAppliedRevision?.endsWith(revision)) {
        throw new Error(`${object.status?.lastAppliedRevision} ${status} ${reason}: ${message}`);
      }
      return object;
    },
    seconds,
  );
}

/** Has Flux reconcile anew, as `flux reconcile` does, and waits until it has. */
export async function reconcile(name: string): Promise<void> {
  const at = new Date().toISOString();
  const annotation = `reconcile.fluxcd.io/requestedAt=${at}`;
  await kubectl([
    'annotate',
    '-n',
    FLUX,
    `kustomization.kustomize.toolkit.fluxcd.io/${name}`,
    annotation,
    '--overwrite',
  ]);
  await eventually(
    `${name} is reconciled`,
    async () => (await current(name)).status.lastHandledReconcileAt === at,
    120,
  );
}

/** Deletes both objects, and with the Kustomization what it has applied. */
export async function deleteKustomization(name: string): Promise<void> {
  await kubectl([
    'delete',
    '-n',
    FLUX,
    `kustomization.kustomize.toolkit.fluxcd.io/${name}`,
    `gitrepository.source.toolkit.fluxcd.io/${name}`,
  ]);
}

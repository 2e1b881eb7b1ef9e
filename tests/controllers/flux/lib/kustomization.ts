import { parseAllDocuments } from 'yaml';
import { gitOpsText } from '../../../../cli/gitops';
import { apply, get, kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';

/** Where Flux' own objects are. */
export const FLUX = 'flux-system';

export const KUSTOMIZATION = 'kustomization.kustomize.toolkit.fluxcd.io';
export const REPOSITORY = 'gitrepository.source.toolkit.fluxcd.io';

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
type Anything = any;

/**
 * What `init --flux` writes for an environment in a namespace of the same name, with the repository's address filled in,
 * and edited as the guide has a user do it. Both objects have the environment's name, for several share a cluster here.
 */
export async function createKustomization(name: string, url: string, edit = (text: string) => text): Promise<void> {
  const text = edit(gitOpsText('flux', name, name));
  const [repository, kustomization] = parseAllDocuments(text).map((document) => document.toJS());
  repository.metadata.name = name;
  repository.spec.url = url;
  kustomization.metadata.name = name;
  kustomization.spec.sourceRef.name = name;
  await apply([repository, kustomization]);
}

/** The Kustomization as it stands. */
export function current(name: string): Promise<Anything> {
  return get(KUSTOMIZATION, name, '-n', FLUX);
}

/** What Flux says of it: `Ready False HealthCheckFailed: …`, and what it is doing. */
export function said(object: Anything): string {
  const conditions: Anything[] = object.status?.conditions ?? [];
  return conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`).join('\n');
}

/** Waits until Flux says something of a Kustomization. */
export function saying(name: string, words: RegExp, seconds = 300): Promise<string> {
  return eventually(
    `${name} says ${words}`,
    async () => {
      const text = said(await current(name));
      if (words.test(text)) return text;
      throw new Error(text);
    },
    seconds,
  );
}

/** Has Flux look for a commit, as `flux reconcile source git` does, and waits until all of it is applied and well. */
export async function settled(name: string, revision: string, seconds = 300): Promise<Anything> {
  await fetched(name, revision);
  return eventually(
    `${name} is Ready at ${revision}`,
    async () => {
      const object = await current(name);
      const { lastAppliedRevision, observedGeneration } = object.status ?? {};
      const current_ = observedGeneration === object.metadata.generation;
      if (current_ && lastAppliedRevision?.endsWith(revision) && /^Ready True/m.test(said(object))) return object;
      throw new Error(`${lastAppliedRevision}\n${said(object)}`);
    },
    seconds,
  );
}

/** Has Flux look for a commit, without waiting for what comes of it. */
export async function fetched(name: string, revision: string): Promise<void> {
  const source = (await current(name)).spec.sourceRef.name;
  await request(REPOSITORY, source);
  await eventually(`the artifact of ${revision}`, async () => {
    const { status } = await get(REPOSITORY, source, '-n', FLUX);
    if (status.artifact?.revision.endsWith(revision)) return true;
    throw new Error(said({ status }));
  });
}

/** Has Flux compare and apply anew, as `flux reconcile kustomization` does, and waits until it has. */
export async function reconcile(name: string): Promise<void> {
  const at = await request(KUSTOMIZATION, name);
  await eventually(
    `${name} is reconciled`,
    async () => {
      const object = await current(name);
      if (object.status.lastHandledReconcileAt === at) return true;
      throw new Error(said(object));
    },
    400,
  );
}

async function request(kind: string, name: string): Promise<string> {
  const at = new Date().toISOString();
  await kubectl(['annotate', '-n', FLUX, `${kind}/${name}`, `reconcile.fluxcd.io/requestedAt=${at}`, '--overwrite']);
  return at;
}

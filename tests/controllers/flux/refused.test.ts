import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOn } from '../../cluster/fixtures/environment';
import { get } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually } from '../../cluster/lib/wait';
import { dist } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import { createKustomization, FLUX, fetched, REPOSITORY, said, saying } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('what cannot be applied is refused in words of Flux’ own, which docs/how-to/gitops.md has', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-refused');
  let repo: Repository;

  beforeAll(async () => {
    repo = await repository(namespace);
  });

  it('a repository that is not there', async () => {
    await createKustomization(namespace, repo.url.replace(/[^/]*$/, 'nowhere.git'));
    await saying(namespace, /^Ready False ArtifactFailed: Source artifact not found, retrying in/m);
    await eventually('the words of the GitRepository', async () => {
      const text = said(await get(REPOSITORY, namespace, '-n', FLUX));
      if (/^Ready False GitOperationFailed: failed to checkout and determine revision: /m.test(text)) return true;
      throw new Error(text);
    });
  });

  it('a folder that dist/ does not have', async () => {
    const revision = await repo.push('Another one', { 'dist/another/00-namespace.k8s.yaml': 'kind: List\n' });
    await createKustomization(namespace, repo.url);
    await fetched(namespace, revision);
    await saying(namespace, /^Ready False ArtifactFailed: kustomization path not found: /m);
  });

  it('a kind whose definition is not in the cluster, of which nothing else is applied either', async () => {
    const edge = { type: 'gateway', gateway: { name: 'public' }, tls: { external: true } };
    const files = environmentOn(namespace, stores, namespace, { yaml: { edge } });
    await fetched(namespace, await repo.push('With a Gateway', dist(files)));
    const text = await saying(namespace, /^Ready False ReconciliationFailed/m);
    expect(text).toMatch(/HTTPRoute\/\S+ dry-run failed: no matches for kind "HTTPRoute"/);
    expect((await get('deployments,jobs,services,networkpolicies', '-n', namespace)).items).toEqual([]);
  });
});

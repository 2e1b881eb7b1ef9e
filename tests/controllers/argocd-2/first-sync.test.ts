import { describe, expect, it } from 'vitest';
import { environmentOn } from '../../cluster/fixtures/environment';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually } from '../../cluster/lib/wait';
import { createApplication, current } from '../argocd/lib/application';
import { firstSync } from '../argocd/lib/fresh';
import { useApplication } from '../argocd/lib/namespace';
import { dist, prepare } from '../lib/dist';
import { repository } from '../lib/git';

describe('Argo CD 2.14 on a Kubernetes that is newer than it', () => {
  const stores = sharedStores();
  const example = useApplication('argo2-example');
  const clientSide = useApplication('argo2-client');
  const serverSide = useApplication('argo2-server');

  it.concurrent(
    'is Synced and Healthy in one sync by the Application of examples/',
    () => firstSync(stores, example),
    400_000,
  );

  it.concurrent(
    'also with client-side apply and its own comparison',
    () => firstSync(stores, clientSide, { syncOptions: [], compareOptions: '' }),
    400_000,
  );

  it.concurrent('cannot compare server-side applied objects by itself: this is what ServerSideDiff=true is for', async () => {
    await stores.createDatabase(serverSide);
    const files = environmentOn(serverSide, stores, serverSide, { yaml: { replicas: 1 } });
    await prepare(files);
    const { url, push } = await repository(serverSide);
    await push('The first one', dist(files));
    const namespace = serverSide;
    await createApplication({
      name: namespace,
      repoURL: url,
      path: `dist/${namespace}`,
      namespace,
      compareOptions: '',
    });
    const conditions = await eventually(
      'a comparison that fails',
      async () => {
        const { status } = await current(namespace);
        return (
          status?.conditions?.some(({ type }: { type: string }) => type === 'ComparisonError') && status.conditions
        );
      },
      200,
    );
    expect(JSON.stringify(conditions)).toContain('field not declared in schema');
  }, 400_000);
});

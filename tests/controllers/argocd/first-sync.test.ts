import { describe, it } from 'vitest';
import { sharedStores } from '../../cluster/lib/stores';
import { firstSync } from './lib/fresh';
import { useApplication } from './lib/namespace';

describe('an environment on a fresh cluster is Synced and Healthy in one sync, and stays so', () => {
  const stores = sharedStores();
  const example = useApplication('argo-example');
  const clientSide = useApplication('argo-client');
  const serverSide = useApplication('argo-server');

  it.concurrent('by the Application of examples/', () => firstSync(stores, example), 400_000);

  it.concurrent(
    'with client-side apply and Argo CD’s own comparison',
    () => firstSync(stores, clientSide, { syncOptions: [], compareOptions: '' }),
    400_000,
  );

  it.concurrent(
    'with server-side apply and Argo CD’s own comparison, which knows this Kubernetes',
    () => firstSync(stores, serverSide, { compareOptions: '' }),
    400_000,
  );
});

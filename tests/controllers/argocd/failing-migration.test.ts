import { beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../../cluster/lib/kubectl';
import { sharedStores } from '../../cluster/lib/stores';
import { eventually } from '../../cluster/lib/wait';
import { argocd, current, settled, until } from './lib/application';
import { type Synced, syncedEnvironment, tags } from './lib/environment';
import { useApplication } from './lib/namespace';

const stores = sharedStores();
const pruning = useApplication('argo-failing');
const keeping = useApplication('argo-failing-kept');
const environments = new Map<string, Synced>();
const cases = [
  ['with pruning', pruning, true],
  ['without pruning', keeping, false],
] as const;

beforeAll(async () => {
  // One attempt: from a second one on each waits longer, and nothing else differs.
  const wishes = { yaml: { replicas: 1, patches: [{ target: JOB, patch: ONE_ATTEMPT }] } };
  await Promise.all(
    cases.map(async ([, namespace, prune]) => {
      const options = { automated: { prune, selfHeal: true } };
      environments.set(namespace, await syncedEnvironment(stores, namespace, wishes, options));
    }),
  );
}, 900_000);

describe('a migration that fails', () => {
  it.concurrent.each(cases)(
    'makes the application Degraded, with the reason, while the old pods serve: %s',
    async (_, namespace) => {
      await environments.get(namespace)!.push('A release whose migration fails', { tag: 'c-2-broken' });
      await eventually(
        'the reason of the Job',
        async () => {
          const { health, operationState } = (await current(namespace)).status;
          const results: { kind: string; message: string }[] = operationState.syncResult?.resources ?? [];
          // Without pruning the Job of the release before is among the results, too.
          const failed = results.some(({ kind, message }) => kind === 'Job' && BACKOFF_LIMIT.test(message));
          return health.status === 'Degraded' && failed;
        },
        900,
      );
      expect(await tags(namespace)).toEqual(['c-1']);
    },
    1_200_000,
  );
});

describe('after a migration that has failed, the next release', () => {
  it.concurrent('makes the application Healthy again when it prunes, once the sync that failed has been tried five times more', async () => {
    const revision = await environments.get(pruning)!.push('A release that migrates', { tag: 'c-2' });
    // That it has failed is seen for a moment only: the next sync begins at once.
    let tried = 0;
    await eventually(
      'a sync of the next release',
      async () => {
        const { syncResult, retryCount = 0 } = (await current(pruning)).status.operationState;
        if (syncResult?.revision === revision) return true;
        tried = Math.max(tried, retryCount);
        return false;
      },
      900,
    );
    expect(tried).toBe(5);
    await settled(pruning, revision, 900);
    expect(await tags(pruning)).toEqual(['c-2']);
  }, 1_200_000);

  it.concurrent('leaves it Degraded when it does not prune, until the failed Job is deleted', async () => {
    const revision = await environments.get(keeping)!.push('A release that migrates', { tag: 'c-2' });
    // Otherwise it waits until the last sync gives up.
    await argocd('argocd', 'app', 'terminate-op', keeping);
    await until(keeping, { sync: 'Synced', phase: 'Succeeded', health: 'Degraded', revision }, 900);
    expect(await tags(keeping)).toEqual(['c-2']);
    await kubectl([
      ...['delete', 'job', '-n', keeping, '-l', 'app.kubernetes.io/component=migration'],
      '--field-selector=status.successful=0',
    ]);
    await settled(keeping, revision);
  }, 1_200_000);
});

const BACKOFF_LIMIT = /Job has reached the specified backoff limit/;
const JOB = { kind: 'Job', name: 'hexclave-migrate' };
const ONE_ATTEMPT = [{ op: 'replace', path: '/spec/backoffLimit', value: 0 }];

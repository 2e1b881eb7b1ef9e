import { beforeAll, describe, expect, it } from 'vitest';
import { madeUp } from '../support/cases';
import { applyFiles, environmentOn } from './fixtures/environment';
import { list } from './lib/api';
import { bed, get, onNode } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { type LogEntry, sharedStores } from './lib/stores';
import { eventually, rolledOut } from './lib/wait';

const EMAIL = '/api/latest/internal/email-queue-step';

describe('the CronJobs', () => {
  const namespace = useNamespace('maintenance', { create: false });
  const stores = sharedStores();
  const token = madeUp('cron token of the cluster tests');
  const calls = async (path: string): Promise<LogEntry[]> =>
    (await stores.log('maintenance')).filter((entry) => entry.path === path);
  /** Jobs that a CronJob has made, finished ones that are kept included, the oldest first. */
  const jobs = async (name: string) => {
    const all = await list(namespace, 'jobs');
    const own = all.filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === `hexclave-${name}`);
    return own.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  };

  beforeAll(async () => {
    await stores.createDatabase('maintenance');
    await applyFiles(
      environmentOn(namespace, stores, 'maintenance', {
        yaml: {
          replicas: 1,
          maintenance: {
            schedule: '* * * * *',
            extra: {
              missing: { path: '/api/latest/internal/there-is-no-such-step' },
              stuck: { path: '/slow?ms=600000', timeoutSeconds: 15 },
            },
          },
        },
        // The two minutes of the e-mail step become seventy seconds: longer than the time between two ticks.
        config: { STAND_IN_TIME_SCALE: '0.58' },
        secrets: { CRON_SECRET: token },
      }),
    );
    await rolledOut(namespace, 'deployment/hexclave-server');
  });

  it.runIf(bed)('keep the token out of every process argument of the node while they call', async () => {
    const commands = await eventually(
      'a call in progress',
      async () => {
        const lines = await onNode([
          'bash',
          '-c',
          'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " < $f; echo; done 2>/dev/null',
        ]);
        return /^curl .*slow/m.test(lines) && lines;
      },
      150,
    );
    expect(commands).not.toContain(token);
  });

  it('send the right bearer, tick after tick, and never overlap', async () => {
    const done = await eventually(
      'the call after the first one of the e-mail step',
      async () => {
        const entries = await calls(EMAIL);
        return entries.length >= 2 && entries;
      },
      300,
    );
    expect(done[0]).toMatchObject({ method: 'GET', bearerOk: true, status: 200 });
    for (const [index, { finishedAt }] of done.entries()) {
      const next = done[index + 1];
      if (next) expect(Date.parse(next.startedAt)).toBeGreaterThanOrEqual(Date.parse(finishedAt!));
    }
  }, 320_000);

  it('go on after a failed call, which is a failed Job', async () => {
    const failed = await eventually('a failed Job', async () => {
      const [job] = (await jobs('missing')).filter(({ status }) => status.failed === 1);
      return job;
    });
    await eventually(
      'a later Job',
      async () => (await jobs('missing')).at(-1).metadata.name !== failed.metadata.name,
      150,
    );
  }, 240_000);

  it('give up a call that never ends, and call again', async () => {
    const stuck = await eventually(
      'two calls',
      async () => {
        const entries = await calls('/slow');
        return entries.length >= 2 && entries;
      },
      200,
    );
    const [first, second] = stuck.map(({ startedAt }) => Date.parse(startedAt));
    expect(second! - first!).toBeLessThan(150_000);
  }, 240_000);

  it('leave the poller alone while QStash is not configured', async () => {
    expect((await get('cronjob', 'hexclave-sync-poller', '-n', namespace)).spec.suspend).toBe(true);
    expect(await calls('/api/latest/internal/external-db-sync/poller')).toEqual([]);
    expect((await calls('/api/latest/internal/external-db-sync/sequencer')).length).toBeGreaterThan(0);
  });
});

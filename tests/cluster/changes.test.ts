import { beforeAll, describe, expect, it } from 'vitest';
import { madeUp } from '../support/cases';
import { applyFiles, environmentOn, migrationJobs, serverPods } from './fixtures/environment';
import { useNamespace } from './lib/namespace';
import { sharedStores } from './lib/stores';
import { condition, rolledOut } from './lib/wait';

const DEPLOYMENT = 'deployment/hexclave-server';

describe('a changed value', () => {
  const stores = sharedStores();
  const namespace = useNamespace('changes', { create: false });
  const withChange = (change: object) => environmentOn(namespace, stores, 'changes', change);
  const state = async () => ({
    pods: (await serverPods(namespace)).map(({ metadata }) => metadata.uid).sort(),
    jobs: await migrationJobs(namespace),
  });

  beforeAll(async () => {
    await stores.createDatabase('changes');
    await applyFiles(withChange({}));
    await rolledOut(namespace, DEPLOYMENT);
  });

  it('of a secret rolls the pods and runs no migration', async () => {
    const before = await state();
    await applyFiles(withChange({ secrets: { CRON_SECRET: madeUp('another secret of the CronJobs') } }));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const after = await state();
    expect(after.pods.filter((uid) => before.pods.includes(uid))).toEqual([]);
    expect(after.jobs).toEqual(before.jobs);
  }, 400_000);

  it('that the seed reads makes a new Job', async () => {
    const before = await state();
    const config = { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' };
    await applyFiles(withChange({ config }));
    await rolledOut(namespace, DEPLOYMENT, 300);
    const { jobs } = await state();
    expect(jobs).toHaveLength(before.jobs.length + 1);
    for (const job of jobs) await condition(namespace, `job/${job}`, 'Complete');
  }, 400_000);

  it('that no pod reads does neither', async () => {
    const config = { STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' };
    const before = await state();
    await applyFiles(withChange({ config, yaml: { network: { egress: [{ port: 9999 }] } } }));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await state()).toEqual(before);
  });
});

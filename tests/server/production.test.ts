import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyFiles, withoutServer } from '../cluster/fixtures/environment';
import { list, one } from '../cluster/lib/api';
import { kubectl, tryKubectl } from '../cluster/lib/kubectl';
import { useNamespace } from '../cluster/lib/namespace';
import { startAs, startPod } from '../cluster/lib/pods';
import { eventually } from '../cluster/lib/wait';
import { databases } from './lib/databases';
import { figure, seconds } from './lib/figures';
import { production } from './lib/production';
import { queries } from './lib/query';
import { pods } from './lib/subject';
import { browser } from './parts/browser';
import { reach } from './parts/reach';
import { twoPods } from './parts/two-pods';

const image = process.env.HEXCLAVE_IMAGE;
if (!image) throw new Error('HEXCLAVE_IMAGE is not set: run this through npm run test:server');

describe(`production with ${image}`, () => {
  const namespace = useNamespace('production', { create: false });
  const elsewhere = useNamespace('production-edge');
  const outside = useNamespace('production-stores');
  const stores = databases(outside, image);
  const query = queries(outside, image, stores.url);
  const files = production(namespace, image, stores, elsewhere);
  const place = { namespace, elsewhere, image };
  /** On a slow machine the Job may have given up by then, and is run again as docs/how-to/upgrade.md says. */
  const areReady = async () => {
    const [job] = await list(namespace, 'jobs', 'app.kubernetes.io/component=migration');
    if (job?.status.conditions?.some(({ type }: { type: string }) => type === 'Failed')) {
      await kubectl(['delete', 'job', '-n', namespace, job.metadata.name]);
      await applyFiles(files);
    }
    return (await one(namespace, 'deployments', 'hexclave-server')).status.readyReplicas === 2;
  };
  const labelled = (selector: string) => ['-n', namespace, '-l', `app.kubernetes.io/component=${selector}`];

  beforeAll(async () => {
    await stores.start();
    const tables = await query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`);
    if (tables.length > 0)
      throw new Error(
        `HEXCLAVE_DATABASE_URL: that database has tables (${tables.length}); the suite takes an empty one`,
      );
  }, 600_000);

  it('says why it does not start on a database that a migration fails on, and starts once that is mended', async () => {
    await query('CREATE TABLE "Project" (broken int)');
    await applyFiles(files);
    const says = async (component: string, ...args: string[]) =>
      (await tryKubectl(['logs', ...labelled(component), '--tail=-1', ...args])).stdout;
    await eventually('the reason', async () => (await says('migration')).includes('already exists'), 300);
    await eventually(
      'a gate',
      async () => (await says('server', '-c', 'release-gate')).includes('not migrated yet'),
      120,
    );
    await query('DROP TABLE "Project"');
    const took = await seconds(() => eventually('two pods that are ready', areReady, 1200));
    figure('install', 'two pods on databases given by URL, ready after', took, 's after a broken database was mended');
    expect(await pods(place)).toHaveLength(2);
  }, 1_500_000);

  it('opens as many connections as the limit of the database is made for', async () => {
    for (const { status } of await pods(place)) {
      const open = `SELECT count(*) FROM pg_stat_activity WHERE client_addr = '${status.podIP}'`;
      const [connections] = await query(open);
      expect(Number(connections)).toBeLessThanOrEqual(25);
      figure('memory and connections', 'connections to PostgreSQL, one of two pods', Number(connections));
    }
  });

  describe('in a browser, behind HTTPS, it', () => browser(namespace, files));
  describe('its NetworkPolicies', () => reach(ways()));
  describe('under load', () => twoPods(place));

  afterAll(() => withoutServer(namespace), 300_000);

  function ways() {
    const address = (url: string, port: string) => {
      const { hostname, port: own } = new URL(url);
      return `${hostname}/${own || port}`;
    };
    const postgres = { PostgreSQL: address(stores.url, '5432') };
    const clickhouse = { ClickHouse: address(stores.config.STACK_CLICKHOUSE_URL!, '443') };
    const api = { API: `hexclave-api.${namespace}.svc/8102` };
    const dashboard = { dashboard: `hexclave-dashboard.${namespace}.svc/8101` };
    // A private address on a port that is open to public ones.
    const cluster = { 'the API server of the cluster': 'kubernetes.default.svc/443' };
    /** Its own pod ends too soon to be asked. */
    const as = (component: string) => () => startAs(namespace, component, image);
    const stands = (where: string) => async () => {
      await startPod(where, 'stands-there', { image, command: ['sleep', '3600'], user: 1000 });
      return { namespace: where, pod: 'stands-there' };
    };
    return [
      {
        who: 'server',
        from: async () => ({ namespace, pod: (await pods(place))[0].metadata.name, container: 'server' }),
        reaches: { ...postgres, ...clickhouse },
        not: cluster,
      },
      { who: 'migration', from: as('migration'), reaches: { ...postgres, ...clickhouse }, not: { ...api, ...cluster } },
      {
        who: 'maintenance',
        from: as('maintenance'),
        reaches: api,
        not: { ...dashboard, ...postgres, ...clickhouse, ...cluster },
      },
      { who: 'a pod of the edge', from: stands(elsewhere), reaches: { ...api, ...dashboard }, not: {} },
      { who: 'a pod of another namespace', from: stands(outside), reaches: {}, not: { ...api, ...dashboard } },
    ];
  }
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleOf } from '../renderer/templates';
import { type Evaluation, quickstart, ready } from './fixtures/evaluation';
import { askSvix, renderJobs, sendMail } from './fixtures/in-server';
import { storeEdges } from './fixtures/store-edges';
import { list, logs } from './lib/api';
import { bundledSql } from './lib/bundled';
import { bed, get, kubectl, run, tryKubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { eventually, rolledOut } from './lib/wait';

/** The stores that keep their data on a volume. */
const CLAIMS = ['clickhouse', 'postgres', 'seaweedfs'];

interface Claim {
  metadata: { name: string };
  status: { phase: string };
}

describe('the evaluation, from npm run quickstart and kubectl apply', () => {
  const namespace = useNamespace('evaluation', { create: false });
  const elsewhere = useNamespace('evaluation-elsewhere');
  let evaluation: Evaluation;

  beforeAll(() => {
    evaluation = quickstart(namespace);
  });
  afterAll(() => evaluation.remove());

  const sql = async (database: string, statement: string): Promise<string[]> =>
    (await bundledSql(namespace, statement, database)).split('\n').filter(Boolean);
  const ledger = () => sql('hexclave', 'SELECT "migrationName" FROM "SchemaMigration" ORDER BY 1');
  /** Runs a Node program in the server's container, with the server's own variables. */
  const inServer = (program: string) =>
    kubectl(['exec', '-n', namespace, 'deploy/hexclave-server', '-c', 'server', '--', 'node', '-e', program]);

  it('becomes available by itself in a namespace that enforces restricted, without a warning and a restart', async () => {
    await evaluation.apply();
    expect(await evaluation.run('wait --for')).toMatchObject({ code: 0 });
    await ready(namespace);
    const { labels } = (await get('namespace', namespace)).metadata;
    expect(labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    await eventually('both Jobs to have succeeded', async () => {
      const jobs = await list(namespace, 'jobs', 'app.kubernetes.io/component in (migration, buckets)');
      return jobs.filter(({ status }) => status.succeeded === 1 && !status.failed).length === 2;
    });
    for (const { metadata, status } of await list(namespace, 'pods')) {
      const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      for (const { restartCount } of containers) expect(restartCount, metadata.name).toBe(0);
    }
  }, 300_000);

  it('changes nothing when it is applied again', async () => {
    const before = await evaluation.versions();
    const lines = await evaluation.apply();
    // kubectl patches a claim template on every apply, for it misses the status that the API server fills in; that this
    // changes nothing is seen below.
    const claims = CLAIMS.map((store) => `statefulset.apps/hexclave-${store} configured`);
    expect(lines.filter((line) => !line.endsWith(' unchanged')).sort()).toEqual(claims);
    expect(await evaluation.versions()).toEqual(before);
  });

  it('has room in what a client-side apply keeps of each part of the renderer’s program', async () => {
    const { items } = await get('configmaps', '-n', namespace, '-l', 'app.kubernetes.io/component=renderer');
    expect(items.length).toBeGreaterThan(3);
    for (const { metadata } of items) {
      const { length } = Object.entries(metadata.annotations).flat().join('');
      expect(metadata.annotations).toHaveProperty(['kubectl.kubernetes.io/last-applied-configuration']);
      expect(length, metadata.name).toBeLessThan(262_144);
    }
  });

  it('keeps the ledger and the database of Svix in its PostgreSQL, and asks its ClickHouse', async () => {
    expect(await ledger()).toHaveLength(3);
    expect(await sql('svix', "SELECT tableowner FROM pg_tables WHERE tablename = 'application'")).toEqual(['svix']);
    const asked = await logs(namespace, 'hexclave-clickhouse-0');
    expect(asked).toContain('CREATE DATABASE IF NOT EXISTS analytics_internal');
    expect(asked).not.toContain('authentication failed');
  });

  it('answers at the printed port-forward, and tells browsers its addresses', async () => {
    const at = await evaluation.forward('deployment/hexclave-server');
    expect((await fetch(`${at(8102)}/health?db=1`)).status).toBe(200);
    expect((await fetch(`${at(8102)}/api/v1/check`)).status).toBe(200);
    expect(await (await fetch(`${at(8101)}/handler/sign-in`)).text()).toContain("apiUrl: 'http://localhost:8102'");
  });

  it('tells the password of the administrator to who runs the printed command', async () => {
    const { stdout } = await evaluation.run('base64decode');
    // Compared here, so that a difference does not print it.
    expect(stdout.trim() === evaluation.secret('STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD')).toBe(true);
  });

  it('shows the mail that the server sends at the printed port-forward', async () => {
    await inServer(sendMail('Sign in', '<p>A link</p>'));
    const at = await evaluation.forward('statefulset/hexclave-mailpit');
    const { messages } = (await (await fetch(`${at(8025)}/api/v1/messages`)).json()) as { messages: unknown[] };
    expect(messages).toMatchObject([{ Subject: 'Sign in', To: [{ Address: 'user@acme.test' }] }]);
  });

  it('sends what it has rendered by the calls of generation C, with one pod of the renderer and with two', async () => {
    const module = await moduleOf('a sign-in code');
    const rendered = async (count: number): Promise<{ html: string }[]> => {
      const exec = ['exec', '-i', '-n', namespace, 'deploy/hexclave-server', '-c', 'server', '--', 'node', '-'];
      const results = JSON.parse(await kubectl(exec, { input: await renderJobs(module, count) }));
      return results.map(({ status, data }: { status: string; data: { html: string } }) => {
        expect(status).toBe('ok');
        return data;
      });
    };
    const [{ html }] = (await rendered(1)) as [{ html: string }];
    expect(html).toContain('483 920');
    await inServer(sendMail('Your code', html));
    const at = await evaluation.forward('statefulset/hexclave-mailpit');
    const received = async () => (await fetch(`${at(8025)}/api/v1/message/latest`)).json();
    await eventually('the e-mail', async () => ((await received()) as { Subject: string }).Subject === 'Your code');
    expect(((await received()) as { HTML: string }).HTML.replaceAll('\r\n', '\n').trim()).toBe(html.trim());
    // The files of a job are in one pod, which the Service has to find again with every call.
    const scale = (replicas: number) =>
      kubectl(['scale', '-n', namespace, 'deployment/hexclave-renderer', `--replicas=${replicas}`]);
    await scale(2);
    await rolledOut(namespace, 'deployment/hexclave-renderer');
    expect(await rendered(8)).toEqual(Array.from({ length: 8 }, () => expect.objectContaining({ html })));
    await scale(1);
  });

  it('has both buckets under the keys of its secrets, and shows the public one at the printed port-forward', async () => {
    const at = await evaluation.forward('statefulset/hexclave-seaweedfs');
    const [id, key] = ['STACK_S3_ACCESS_KEY_ID', 'STACK_S3_SECRET_ACCESS_KEY'].map(evaluation.secret);
    const signed = async (path: string, ...args: string[]) => {
      const all = ['-s', '--config', '-', '--aws-sigv4', 'aws:amz:us-east-1:s3', ...args, `${at(8333)}${path}`];
      return (await run('curl', all, { input: `user = "${id}:${key}"\n` })).stdout;
    };
    const buckets = [...(await signed('/')).matchAll(/<Name>([^<]*)</g)].map(([, name]) => name);
    expect(buckets).toEqual(['hexclave', 'hexclave-private']);
    const content = ['--header', 'x-amz-content-sha256: UNSIGNED-PAYLOAD', '--data-binary', 'an image', '-X', 'PUT'];
    for (const bucket of buckets) await signed(`/${bucket}/image`, ...content);
    expect(await (await fetch(`${at(8333)}/hexclave/image`)).text()).toBe('an image');
    expect((await fetch(`${at(8333)}/hexclave-private/image`)).status).toBe(403);
  });

  it('lets the server into Svix with the key that was made for it, and nobody with another', async () => {
    expect(JSON.parse(await inServer(askSvix))).toEqual([201, 401]);
    expect(await sql('svix', 'SELECT name FROM application')).toEqual(['acme']);
  });

  it('lets nobody reach a store but who uses it, the server alone the renderer, and the renderer nothing at all', async () => {
    const outside = bed ? ['the internet'] : [];
    const everywhere = [
      'api',
      'name server',
      'API of the cluster',
      'another pod',
      ...outside,
      ...(bed ? ['metadata'] : []),
    ];
    expect(await storeEdges(namespace, elsewhere)).toEqual({
      server: ['postgres', 'clickhouse', 'smtp', 's3', 'svix', 'renderer', 'name server'],
      migration: ['postgres', 'clickhouse', 'svix', 'name server'],
      maintenance: ['api', 'name server'],
      renderer: [],
      svix: ['postgres', 'name server', ...outside],
      mailpit: [],
      stranger: everywhere,
      impostor: everywhere,
    });
    await kubectl(['delete', 'pod', '-n', namespace, 'as-maintenance', 'as-migration', '--wait=false']);
  });

  it('has its scheduled calls made with the right bearer', async () => {
    const calls = `SELECT 1 FROM "_StandInLog" WHERE kind = 'maintenance' AND "bearerOk" AND status = 200`;
    await eventually('a call', async () => (await sql('hexclave', calls)).length > 0, 90);
  });

  it('loses no data and no server pod with the pod of PostgreSQL', async () => {
    const before = (await list(namespace, 'pods', 'app.kubernetes.io/component=server')).map(
      ({ metadata }) => metadata.uid,
    );
    await kubectl(['delete', 'pod', '-n', namespace, 'hexclave-postgres-0']);
    await eventually('the ledger', async () => (await ledger()).length === 3);
    await eventually('Svix', async () => (await inServer(askSvix)).trim() === '[201,401]');
    await ready(namespace);
    const pods = await list(namespace, 'pods', 'app.kubernetes.io/component=server');
    expect(pods.map(({ metadata }) => metadata.uid)).toEqual(before);
    for (const { status } of pods) expect(status.containerStatuses[0].restartCount).toBe(0);
  });

  it('finds its data again when its StatefulSets were deleted and the files are applied', async () => {
    await kubectl(['delete', 'statefulsets', '--all', '-n', namespace]);
    const pods = async () => (await list(namespace, 'pods')).map(({ metadata }) => metadata.name);
    await eventually('the end of the stores', async () => !(await pods()).some((name) => /^hexclave-.*-0$/.test(name)));
    const claims = (await get('persistentvolumeclaims', '-n', namespace)).items;
    expect(claims.map(({ metadata, status }: Claim) => [metadata.name, status.phase])).toEqual(
      CLAIMS.map((store) => [`data-hexclave-${store}-0`, 'Bound']),
    );
    await evaluation.apply();
    await ready(namespace);
    expect(await ledger()).toHaveLength(3);
    expect(await sql('svix', 'SELECT name FROM application')).toEqual(['acme']);
    const at = await evaluation.forward('statefulset/hexclave-seaweedfs');
    // Its gateway answers the probe, and everything else with an internal error, until it has found its volumes.
    const image = async () => (await fetch(`${at(8333)}/hexclave/image`)).text();
    await eventually('the image', async () => (await image()) === 'an image');
  });

  it('goes as a whole when its files are deleted: the namespace takes the volumes with it', async () => {
    // The namespace's controller comes back only after half of the longest grace period, whether or not pods have ended.
    await kubectl(['scale', '-n', namespace, 'deployments,statefulsets', '--all', '--replicas=0']);
    await eventually('the end of the pods', async () => {
      const pods = await list(namespace, 'pods', 'app.kubernetes.io/component notin (migration, buckets, maintenance)');
      return pods.length === 0;
    });
    expect(await evaluation.delete()).toMatchObject({ code: 0 });
    expect((await tryKubectl(['get', 'namespace', namespace])).stderr).toContain('NotFound');
    const everywhere = 'persistentvolumes,clusterroles,clusterrolebindings,customresourcedefinitions';
    const selector = 'app.kubernetes.io/instance=evaluation';
    expect(await kubectl(['get', everywhere, '-l', selector, '-o', 'name'])).toBe('');
  });
});

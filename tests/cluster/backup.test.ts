import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOn, serverPods, type Wishes, withoutServer } from './fixtures/environment';
import { blocksOf, typed } from './fixtures/page';
import { bucketKey, makeProject, type Project, startBucket } from './fixtures/saved';
import { list, logs } from './lib/api';
import { bundledSql } from './lib/bundled';
import { get, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { request } from './lib/pods';
import { sharedStores } from './lib/stores';
import { condition, eventually, rolledOut } from './lib/wait';

/** Not within the time of a test. */
const NEVER = '0 0 1 1 *';
const DEPLOYMENT = 'deployment/hexclave-server';

describe('an environment with its database in the namespace and backups in a bucket elsewhere', () => {
  const stores = sharedStores();
  const namespace = useNamespace('saved', { create: false });
  const bucket = useNamespace('saved-bucket');
  // Kept, as secrets.env is.
  const kept = { POSTGRES_PASSWORD: randomBytes(16).toString('hex'), BACKUP_PASSWORD: randomBytes(24).toString('hex') };
  let endpoint: string;
  let project: Project;
  let backup: string;

  const at = (tag: string, wishes: Pick<Wishes, 'secrets' | 'yaml'> = {}) =>
    environmentOn(namespace, stores, '', {
      tag,
      yaml: {
        purpose: 'evaluation',
        replicas: 1,
        stores: { postgres: { mode: 'bundled', size: '1Gi' } },
        backup: { schedule: NEVER, to: { bucket: 'acme-backups', endpoint }, restoreTest: { schedule: NEVER } },
        ...wishes.yaml,
      },
      secrets: { STACK_DATABASE_CONNECTION_STRING: '', ...kept, ...bucketKey, ...wishes.secrets },
    });
  const applied = () =>
    kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(project.folder, 'dist', namespace)]);
  const sql = (statement: string) => bundledSql(namespace, statement);
  const users = () => sql('SELECT count(*) FROM "ProjectUser"');
  const ledger = async () => (await sql('SELECT "migrationName" FROM "SchemaMigration" ORDER BY 1')).split('\n');
  const checked = async () =>
    (await request(stores.namespace, 'client', `http://hexclave-api.${namespace}.svc:8102/api/v1/check`)).status;
  const migrationLogs = async (container: string) => {
    const pods = await list(namespace, 'pods', 'app.kubernetes.io/component=migration');
    return Promise.all(pods.map(({ metadata }) => logs(namespace, metadata.name, container).catch(() => '')));
  };
  /** Runs the CronJob now. */
  const now = async (cronJob: string, job: string) => {
    await kubectl(['create', 'job', '-n', namespace, `--from=cronjob/${cronJob}`, job]);
    await condition(namespace, `job/${job}`, 'Complete', 180);
    const [pod] = await list(namespace, 'pods', `batch.kubernetes.io/job-name=${job}`);
    return logs(namespace, pod.metadata.name, pod.spec.containers[0].name);
  };

  beforeAll(async () => {
    endpoint = await startBucket(bucket);
    project = makeProject();
    await project.write(at('c-1'));
    await applied();
    await rolledOut(namespace, DEPLOYMENT, 240);
    await sql(
      `INSERT INTO "ProjectUser" (id, email) SELECT gen_random_uuid(), n || '@acme.test' FROM generate_series(1, 500) n`,
    );
  }, 300_000);
  afterAll(async () => {
    await withoutServer(namespace).catch(() => {});
    project.remove();
  });

  it('takes no backup before the first migration, and one when its CronJob runs', async () => {
    expect((await migrationLogs('backup')).join()).toContain('nothing was ever migrated here');
    const said = await now('hexclave-backup', 'first');
    expect(said).toContain('there is no repository');
    expect(said).toMatch(/rows=[^ ]*ProjectUser:50\d;/);
    backup = /^([0-9a-f]{8}) /m.exec(said)![1]!;
  });

  it('has a test of the restore, which brings the newest backup back into a database of its own', async () => {
    const said = await now('hexclave-restore-test', 'tested');
    expect(said).toContain('checks the repository');
    expect(said).toContain('restored and counted');
  });

  it('the drill: with its namespace and volumes gone it comes back from its files and the backup, and users sign in', async () => {
    const before = await users();
    await withoutServer(namespace);
    await kubectl(['delete', 'namespace', namespace, '--wait'], { timeout: 240_000 });
    const began = Date.now();
    const { code, output } = await project.command('restore', namespace, '--backup', backup, '--apply');
    expect([code, output]).toEqual([0, expect.stringContaining('restored and counted')]);
    const restored = Date.now();
    await rolledOut(namespace, DEPLOYMENT, 240);
    const served = Date.now();
    expect(await users()).toBe(before);
    expect(await sql(`SELECT count(*) FROM "ProjectUser" WHERE email = '77@acme.test'`)).toBe('1');
    expect(await checked()).toBe(200);
    console.log(
      `the drill: restored ${Math.round((restored - began) / 1000)} s after the loss, serving after ${Math.round((served - began) / 1000)} s`,
    );
  }, 600_000);

  it('refuses to restore over data, and leaves it and what to do', async () => {
    await sql(`INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'later@acme.test')`);
    const { code, output } = await project.command('restore', namespace, '--apply');
    expect([code, output]).toEqual([1, expect.stringContaining(`to lose them, say --replace ${namespace}`)]);
    expect(output).toContain('the database is as it was');
    expect(await sql(`SELECT count(*) FROM "ProjectUser" WHERE email = 'later@acme.test'`)).toBe('1');
    await applied();
    await rolledOut(namespace, DEPLOYMENT, 240);
  }, 400_000);

  it('does not migrate when the backup before it fails: the old pods serve, and the log says why', async () => {
    const old = (await serverPods(namespace)).map(({ metadata }) => metadata.name);
    await project.write(at('c-2', { secrets: { BACKUP_S3_SECRET_ACCESS_KEY: 'somebody-elses' } }));
    await applied();
    const said = await eventually(
      'the reason',
      async () => (await migrationLogs('backup')).find((text) => text.includes('cannot be reached')),
      180,
    );
    expect(said).toContain('1 pending migrations: a backup first');
    expect(await ledger()).toHaveLength(3);
    expect(await checked()).toBe(200);
    expect((await serverPods(namespace)).map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(old));
  }, 300_000);

  it('takes the backup and migrates once it can, in another attempt of the same Job', async () => {
    await project.write(at('c-2'));
    await applied();
    await rolledOut(namespace, DEPLOYMENT, 300);
    expect((await migrationLogs('backup')).join()).toMatch(/kind=before-migration,release=[0-9a-f]{10},image=c-2/);
    expect(await ledger()).toHaveLength(4);
  }, 400_000);

  describe('and docs/how-to/upgrade.md, typed line by line', () => {
    const PAGE = 'docs/how-to/upgrade.md';
    const names = () => ({ '<namespace>': namespace, production: namespace, '<backup>': backup });
    const image = async () => (await serverPods(namespace)).at(-1).spec.containers[0].image;

    it('brings the old version back with the database of then', async () => {
      await sql(`INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'since@acme.test')`);
      await project.write(at('c-1'));
      for (const lines of blocksOf(PAGE, 'Back, with the database of then'))
        await typed(project.folder, lines, names());
      expect([await ledger(), await image()]).toEqual([
        expect.objectContaining({ length: 3 }),
        expect.stringMatching(/:c-1$/),
      ]);
      expect(await sql(`SELECT count(*) FROM "ProjectUser" WHERE email = 'since@acme.test'`)).toBe('0');
      expect(await checked()).toBe(200);
    }, 900_000);

    it('takes a backup and brings the new version', async () => {
      const [before, after, ...others] = blocksOf(PAGE, 'A backup, and up');
      expect(others).toEqual([]);
      expect(await typed(project.folder, before!, names())).toMatch(/^[0-9a-f]{8} +\d{4}-.*\n.*kind=scheduled/m);
      await project.write(at('c-2'));
      const said = await typed(project.folder, after!, names());
      expect(said).toContain('image.tag moves from c-1 to c-2');
      expect(said).toContain('Runs migrations');
      expect([await ledger(), await image()]).toEqual([
        expect.objectContaining({ length: 4 }),
        expect.stringMatching(/:c-2$/),
      ]);
      expect(await checked()).toBe(200);
    }, 900_000);

    it('brings the old version back with the database as it is', async () => {
      for (const lines of blocksOf(PAGE, 'Back, with the database as it is now'))
        await typed(project.folder, lines, names());
      expect([await ledger(), await image()]).toEqual([
        expect.objectContaining({ length: 4 }),
        expect.stringMatching(/:c-1$/),
      ]);
      expect(await checked()).toBe(200);
    }, 600_000);
  });

  it('goes back to an older backup with --replace, and the migration runs anew', async () => {
    const { code, output } = await project.command(
      ...['restore', namespace, '--backup', backup, '--replace', namespace, '--apply'],
    );
    expect([code, output]).toEqual([0, expect.stringContaining('removes')]);
    await rolledOut(namespace, DEPLOYMENT, 300);
    expect(await ledger()).toHaveLength(4);
    expect(await sql(`SELECT count(*) FROM "ProjectUser" WHERE email = 'later@acme.test'`)).toBe('0');
    expect(await checked()).toBe(200);
  }, 600_000);

  it('has pods for all that which reach the database and the bucket, and read no secret of the server', async () => {
    const { items } = await get('cronjobs', '-n', namespace, '-l', 'app.kubernetes.io/component=backup');
    expect(items).toHaveLength(2);
    const text = JSON.stringify(items);
    expect(text).not.toContain('envFrom');
    const read = [...text.matchAll(/"secretKeyRef":\{"key":"(\w+)"/g)].map(([, key]) => key);
    expect([...new Set(read)].sort()).toEqual([
      'BACKUP_PASSWORD',
      'BACKUP_S3_ACCESS_KEY_ID',
      'BACKUP_S3_SECRET_ACCESS_KEY',
      'STACK_DATABASE_CONNECTION_STRING',
    ]);
  });

  it('moves from the database in the namespace to one elsewhere, as docs/how-to/restore.md types it, and takes everything along', async () => {
    const [before, after] = blocksOf(
      'docs/how-to/restore.md',
      'Another database, another major version, another region',
    );
    const names = { '<namespace>': namespace, production: namespace };
    await sql(`INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'last@acme.test')`);
    const everybody = await users();
    await typed(project.folder, before!, names);
    await stores.createDatabase('moved');
    await project.write(
      at('c-2', {
        // The bed has one version of PostgreSQL.
        yaml: { stores: {}, images: { postgres: 'docker.io/library/postgres:17.10' } },
        secrets: { STACK_DATABASE_CONNECTION_STRING: stores.connectionString('moved'), POSTGRES_PASSWORD: '' },
      }),
    );
    expect(await typed(project.folder, after!, names)).toContain('restored and counted');
    const [row] = await stores.query<{ count: string }>('moved', 'SELECT count(*)::text AS count FROM "ProjectUser"');
    expect(row?.count).toBe(everybody);
    // The one that is left does not know what comes now.
    await stores.execute(
      'moved',
      `INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'there@acme.test')`,
    );
    expect(await users()).toBe(everybody);
    expect(await checked()).toBe(200);
  }, 900_000);
});

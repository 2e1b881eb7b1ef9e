/** @module-tag needs-unshare */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Files, synthesize } from '../support/cases';
import { type KubeObject, objectsOf } from '../support/objects';
import { makePod, type Pod } from '../support/pod';
import { binaries, majors } from '../support/postgres';
import type { Ended, Running } from '../support/process';
import { snapshotCases } from '../support/snapshot-cases';

/** The manifests' own StatefulSet, started with PostgreSQL's own programs. Its password has every special character. */
const bundled = snapshotCases.bundled!;
const environment = (version: number): Files => ({
  ...bundled,
  yaml: `${bundled.yaml.replace(/^images:.*\n/m, '').replace('version: 18', `version: ${version}`)}`,
});

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe.each(majors)('the bundled PostgreSQL %i', (version) => {
  let db: ReturnType<typeof database>;
  let container: Running;
  const sql = (statement: string, url = db.url) => query(db.pod, container, url, statement);

  beforeAll(() => {
    db = database(version);
  });

  beforeEach(async () => {
    container = db.pod.start();
    await container.said('database system is ready to accept connections');
  });

  afterEach(() => ended(container));

  afterAll(() => db.remove());

  test('makes its database under a read-only root, and lets the server in with the URL of the Secret alone', async () => {
    expect(container.output()).toContain(`postgres: making a database in /var/lib/postgresql/${version}/docker`);
    const { startupProbe, readinessProbe, livenessProbe } = db.container;
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(await db.pod.exec(container, probe.exec.command)).toMatchObject({ code: 0 });
    }
    const facts = `SELECT current_user::text AS who, current_database()::text AS place,
      current_setting('max_connections') AS connections, current_setting('server_encoding') AS encoding,
      current_setting('data_checksums') AS checksums, datcollate AS collation, current_setting('data_directory') AS data
      FROM pg_database WHERE datname = current_database()`;
    expect(JSON.parse((await sql(facts)).output)).toEqual([
      {
        who: 'hexclave',
        place: 'hexclave',
        connections: '200',
        encoding: 'UTF8',
        checksums: 'on',
        collation: 'C.UTF-8',
        data: `/var/lib/postgresql/${version}/docker`,
      },
    ]);
    const wrong = new URL(db.url);
    wrong.password = 'another';
    expect((await sql('SELECT 1', wrong.href)).output).toMatch(/^28P01 /);
    await sql('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
  });

  // The test before has killed it.
  test('starts again as process 1 on the same volume and has kept its data', async () => {
    expect(container.output()).toContain('database system was not properly shut down');
    expect((await sql('SELECT id FROM kept')).output).toBe('[{"id":7}]\n');
    // As the kubelet leaves a volume whose owner was another: PostgreSQL refuses a directory that its group may read.
    chmodSync(join(db.pod.volume('data'), String(version), 'docker'), 0o2770);
  });

  test('stops at once with the hook of the manifest, whoever is connected', async () => {
    const idle = sql('SELECT pg_sleep(60)');
    const sleeping = "SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
    await vi.waitFor(async () => expect((await sql(sleeping)).output).toBe('[{"count":1}]\n'), 15_000);
    const asked = performance.now();
    await db.pod.exec(container, db.container.lifecycle.preStop.exec.command);
    expect(await container.ended).toMatchObject({ code: 0 });
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(container.output()).toContain('database system is shut down');
    expect((await idle).output).toMatch(/^57P01 |terminated/);
  });
});

test('the bundled PostgreSQL begins anew when it was killed while it made the database', async () => {
  const db = database(18);
  const half = join(db.pod.volume('data'), '18', 'docker.new');
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'PG_VERSION'), '18');
  for (const path of [dirname(half), half]) chmodSync(path, 0o777);
  const container = db.pod.start();
  try {
    await container.said('ready to accept connections');
    expect(readdirSync(dirname(half))).toEqual(['docker']);
  } finally {
    await ended(container);
    db.remove();
  }
});

describe('another major version', () => {
  test('on the same volume is refused, with the way out and without a change of the data', async () => {
    const old = database(15);
    const data = old.pod.volume('data');
    mkdirSync(join(data, '15/docker'), { recursive: true });
    writeFileSync(join(data, '15/docker/PG_VERSION'), '15\n');
    const db = database(18, 18, { data });
    const refused = await db.pod.start().ended;
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('holds a database of PostgreSQL 15, which PostgreSQL 18 cannot read');
    expect(refused.output).toContain('nothing was changed');
    expect(refused.output).toContain('docs/how-to/databases.md');
    expect(readdirSync(data).sort()).toEqual(['15', 'lost+found']);
    for (const { remove } of [db, old]) remove();
  });

  test('in the image is refused before anything is written', async () => {
    const db = database(18, 15);
    const refused = await db.pod.start().ended;
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('the image is PostgreSQL 15, and environment.yaml says 18');
    expect(readdirSync(db.pod.volume('data'))).toEqual(['lost+found']);
    db.remove();
  });

  test('is reached with the commands of the docs, in the section that the refusal names', async () => {
    const docs = readFileSync(join(project, 'docs/how-to/databases.md'), 'utf8');
    const [, section] = /^#+ Another major version$(.*?)^#/ms.exec(docs)!;
    const [, dump] = /exec hexclave-postgres-0 -- (pg_dump .*) > hexclave\.dump$/m.exec(section!)!;
    const [, restore] = /exec -i hexclave-postgres-0 -- (pg_restore .*) < hexclave\.dump$/m.exec(section!)!;
    const [old, db] = [database(15), database(18)];
    const [from, to] = [old.pod.start(), db.pod.start()];
    await Promise.all([from, to].map((container) => container.said('ready to accept connections')));
    const shell = async (pod: Pod, container: Running, command: string) =>
      expect(await pod.exec(container, ['bash', '-c', command])).toMatchObject({ code: 0 });
    await query(old.pod, from, old.url, 'CREATE TABLE moved (id int PRIMARY KEY); INSERT INTO moved VALUES (1), (2)');
    await shell(old.pod, from, `${dump} > /tmp/hexclave.dump`);
    copyFileSync(join(old.pod.volume('tmp'), 'hexclave.dump'), join(db.pod.volume('tmp'), 'hexclave.dump'));
    chmodSync(join(db.pod.volume('tmp'), 'hexclave.dump'), 0o644);
    await shell(db.pod, to, `${restore} < /tmp/hexclave.dump`);
    const moved = await query(db.pod, to, db.url, 'SELECT count(*)::int AS rows FROM moved');
    expect(moved.output).toBe('[{"rows":2}]\n');
    await Promise.all([from, to].map(ended));
    for (const { remove } of [db, old]) remove();
  });
});

/** The pod of the manifests for one version, with the programs of another if you like, and the URL of its database. */
function database(version: number, programs = version, volumes: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
  chmodSync(folder, 0o755);
  const objects = objectsOf(synthesize(environment(version))).map(({ object }) => object);
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const owner = find('StatefulSet', 'hexclave-postgres');
  const secret = decoded(find('Secret', 'hexclave-secrets'));
  const pod = makePod({
    owner,
    files: {
      'ConfigMap/hexclave-postgres': find('ConfigMap', 'hexclave-postgres').data,
      'Secret/hexclave-secrets': secret,
    },
    programs: dirname(binaries(programs, folder)),
    volumes,
  });
  // The name leads to the pod in the cluster; here the client is beside it.
  const url = secret.STACK_DATABASE_CONNECTION_STRING!.replace('@hexclave-postgres:', '@127.0.0.1:');
  return {
    pod,
    url,
    container: owner.spec.template.spec.containers[0],
    remove() {
      pod.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One statement through the server's own driver, from another process in the container's network. */
function query(pod: Pod, container: Running, url: string, statement: string): Promise<Ended> {
  const client = `
    const client = new (require('pg').Client)({ connectionString: process.env.URL, connectionTimeoutMillis: 5000 });
    client.on('error', () => {});
    client.connect().then(() => client.query(process.env.STATEMENT)).then(({ rows }) => {
      console.log(JSON.stringify(rows));
      return client.end();
    }).catch((error) => {
      console.log(error.code, error.message);
      process.exit(1);
    });`;
  return pod.beside(container, ['env', '-C', project, process.execPath, '--eval', client], {
    URL: url,
    STATEMENT: statement,
  });
}

async function ended(container: Running): Promise<void> {
  try {
    container.kill('SIGKILL');
  } catch {}
  await container.ended;
}

function decoded(secret: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries<string>(secret.data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { server, settings } from './fixtures/server';
import { logs, one } from './lib/api';
import { apply, exec, kubectl } from './lib/kubectl';
import { useNamespace } from './lib/namespace';
import { type Answer, request } from './lib/pods';
import { sharedStores } from './lib/stores';
import { condition, eventually } from './lib/wait';
import { ANSWERS, INSIDE } from './stand-in/assumptions';

// The stand-in is what every other test here deploys: these tests hold it to what docs/explanation/server.md says of
// the image.
const namespace = useNamespace('stand-in');
const stores = sharedStores();

const ask = (name: string, port: 8101 | 8102, path: string, ...curlArgs: string[]): Promise<Answer> =>
  request(stores.namespace, 'client', `http://${name}.${namespace}.svc.cluster.local:${port}${path}`, ...curlArgs);

/** Waits until the pod is Ready and its Service leads to it, which on a busy node takes a moment longer. */
async function answers(name: string): Promise<void> {
  await condition(namespace, `pod/${name}`, 'Ready');
  await eventually('an answer', async () => (await ask(name, 8102, '/health')).status !== 0);
}

/** Starts a server on an empty database of its own, whose name it returns. */
async function start(
  name: string,
  tag: string,
  env: Record<string, string> = {},
  restartPolicy: 'Always' | 'Never' = 'Always',
): Promise<string> {
  const database = `${name}-${randomBytes(2).toString('hex')}`;
  await stores.createDatabase(database);
  await apply(server(namespace, name, tag, { ...settings(stores, database), ...env }, restartPolicy));
  return database;
}

/** Starts a server that is to refuse, and returns its last words and its database. */
async function refusal(
  name: string,
  tag: string,
  env: Record<string, string> = {},
): Promise<{ words: string; database: string }> {
  const database = await start(name, tag, env, 'Never');
  await eventually(`${name} ended`, async () => (await one(namespace, 'pods', name)).status.phase === 'Failed');
  return { words: await logs(namespace, name), database };
}

describe.each([
  ['A', 'a-1'],
  ['B', 'b-1'],
  ['C', 'c-1'],
])('the stand-in of generation %s', (generation, tag) => {
  const name = tag;
  let database: string;

  it('migrates and seeds an empty database, then answers on both ports', async () => {
    // A never looks at this spelling, B does and knows no "generic", C insists on a value.
    database = await start(name, tag, generation === 'B' ? { HEXCLAVE_TRUSTED_PROXY: '' } : {});
    await answers(name);
    const ledger = await stores.query<{ migrationName: string }>(
      database,
      'SELECT "migrationName" FROM "SchemaMigration" ORDER BY 1',
    );
    expect(ledger).toHaveLength(3);
    expect((await stores.log(database)).map((entry) => [entry.kind, entry.status])).toEqual([
      ['migrate', 0],
      ['seed', 0],
    ]);
    expect(JSON.parse((await ask(name, 8102, '/api/v1/check')).body)).toEqual({ pod: name, generation });
    expect((await ask(name, 8101, '/health')).status).toBe(200);
    expect(await ask(name, 8101, '/handler/sign-in')).toEqual({
      status: 200,
      body: expect.stringContaining("apiUrl: 'https://api.example.test'"),
    });
    expect((await ask(name, 8102, '/api/v1/internal/backend-urls')).body).toBe('{"urls":["https://api.example.test"]}');
  });

  it('tells what has arrived of a request and whom it takes for the client, and answers in parts', async () => {
    const headers = ['--header', 'X-Real-IP: 192.0.2.1', '--header', 'X-Forwarded-For: 192.0.2.2, 192.0.2.3'];
    const { body } = await ask(name, 8102, '/echo?a=b', ...headers, '--data', 'four');
    expect(JSON.parse(body)).toMatchObject({ method: 'POST', url: '/echo?a=b', client: '192.0.2.1', length: 4 });
    expect((await ask(name, 8102, '/stream?parts=2&everyMs=1')).body).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('wants the bearer on its maintenance endpoints, takes its time and writes down who called', async () => {
    const path = '/api/latest/internal/external-db-sync/poller?maxDurationMs=30000';
    expect((await ask(name, 8102, path)).status).toBe(401);
    const emails = '/api/latest/internal/email-queue-step?only_one_step=true';
    expect((await ask(name, 8102, emails)).status).toBe(400);
    expect((await ask(name, 8102, path, '--header', 'Authorization: Bearer wrong')).status).toBe(401);
    expect((await ask(name, 8102, path, '--header', 'Authorization: Bearer cron-secret')).status).toBe(200);
    const calls = (await stores.log(database)).filter(
      (entry) => entry.kind === 'maintenance' && entry.query === '?maxDurationMs=30000',
    );
    expect(calls.map((call) => [call.status, call.bearerOk, call.query])).toEqual([
      [401, false, '?maxDurationMs=30000'],
      [401, false, '?maxDurationMs=30000'],
      [200, true, '?maxDurationMs=30000'],
    ]);
    expect(calls[2]).toMatchObject({ pod: name, method: 'GET', userAgent: expect.stringMatching(/^curl\/8\./) });
    expect(Date.parse(calls[2]!.finishedAt!) - Date.parse(calls[2]!.startedAt)).toBeGreaterThanOrEqual(300); // 30 s at a scale of 0.01
    const reconciler = await ask(
      name,
      8102,
      '/api/latest/internal/issues/reconciler',
      '--header',
      'Authorization: Bearer cron-secret',
    );
    expect(reconciler.status).toBe(generation === 'C' ? 200 : 404);
  });

  if (generation === 'A') {
    it('answers and looks as everything here takes for granted of the server', async () => {
      const bearers = { right: 'cron-secret', wrong: 'wrong' };
      for (const { port, path, bearer, status } of ANSWERS) {
        const header = bearer ? ['--header', `Authorization: Bearer ${bearers[bearer]}`] : [];
        const called = `${path}, ${bearer ?? 'no'} bearer`;
        const answer = await eventually(
          called,
          async () => (await ask(name, port, path, ...header)).status || undefined,
        );
        expect.soft(answer, called).toBe(status);
      }
      for (const { what, script, prints } of INSIDE) {
        expect.soft((await exec(namespace, name, ['bash', '-c', script])).trim(), what).toBe(prints);
      }
    });
  }

  it('ends with either process, and comes back on the kept work directory as its generation does', async () => {
    await ask(name, 8101, '/crash', '--request', 'POST');
    await eventually('a second start', async () => (await restarts(name)) === 1);
    await answers(name);
    await eventually('the dashboard', async () => (await ask(name, 8101, '/health')).status === 200);
    // The marker trap: A and B put the sentinels back and leave them there, while /health stays green.
    expect((await ask(name, 8101, '/')).status).toBe(generation === 'C' ? 200 : 500);
  });

  it(generation === 'C' ? 'ends on SIGTERM after what is in flight' : 'ignores SIGTERM', async () => {
    const inFlight = ask(name, 8102, '/slow?ms=4000');
    await eventually('the request is in flight', async () =>
      (await stores.log(database)).some((entry) => entry.path === '/slow'),
    );
    const begun = Date.now();
    await kubectl(['delete', 'pod', '-n', namespace, name, '--grace-period=10', '--wait=true']);
    const seconds = (Date.now() - begun) / 1000;
    expect((await inFlight).status).toBe(200);
    if (generation === 'C') expect(seconds).toBeLessThan(9);
    else expect(seconds).toBeGreaterThanOrEqual(10);
  });
});

describe('a stand-in that refuses to start', () => {
  it('says so in generation C when the two spellings of a key differ', async () => {
    const { words } = await refusal('unequal', 'c-1', { STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY: 'another' });
    expect(words).toContain(
      'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY and STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY differ',
    );
  });

  it('says so in generation C when HEXCLAVE_X and STACK_X differ', async () => {
    const { words } = await refusal('twins', 'c-1', { STACK_TRUSTED_PROXY: 'vercel' });
    expect(words).toContain('HEXCLAVE_TRUSTED_PROXY and STACK_TRUSTED_PROXY differ');
  });

  it('says so in generation C when an https API URL has no trusted proxy', async () => {
    const { words } = await refusal('untrusted', 'c-1', { HEXCLAVE_TRUSTED_PROXY: '' });
    expect(words).toContain('needs HEXCLAVE_TRUSTED_PROXY');
  });
});

describe('faults of the stand-in', () => {
  it('a migration of the broken tag fails, and leaves the ledger as it was', async () => {
    const { words, database } = await refusal('broken', 'c-2-broken');
    expect(words).toContain('migration 20260801000000_project_notes failed');
    expect(await stores.query(database, 'SELECT 1 FROM "SchemaMigration"')).toHaveLength(3);
  });

  it.each(['failing-migration', 'failing-seed'])('STAND_IN_FAULT=%s ends the start', async (fault) => {
    const { words } = await refusal(fault, 'a-1', { STAND_IN_FAULT: fault });
    expect(words).toContain('as STAND_IN_FAULT asks');
  });

  it('generation A answers 500 for the trusted proxy "generic"', async () => {
    await start('generic', 'a-1', { STACK_TRUSTED_PROXY: 'generic' });
    await answers('generic');
    expect((await ask('generic', 8102, '/api/v1/check')).status).toBe(500);
  });

  it('a server that takes more memory than its limit is killed and comes back', async () => {
    await start('greedy', 'c-1');
    await answers('greedy');
    await ask('greedy', 8102, '/memory?mb=600', '--request', 'POST');
    const reason = await eventually('the kill', async () => {
      const [status] = (await one(namespace, 'pods', 'greedy')).status.containerStatuses;
      return status.lastState.terminated?.reason;
    });
    expect(reason).toMatch(/OOMKilled|Error/); // the kernel kills the API process; the container ends with it
    await answers('greedy');
  });
});

async function restarts(name: string): Promise<number> {
  return (await one(namespace, 'pods', name)).status.containerStatuses[0].restartCount;
}

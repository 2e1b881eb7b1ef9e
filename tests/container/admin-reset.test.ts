import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { madeUp } from '../support/cases';
import { run } from '../support/process';

const open: Server[] = [];
const password = madeUp('reset', 24);
const key = madeUp('server key');

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** What a server answers that is not as it should be; how it answers otherwise is tried on the real one. */
async function answering(answers: Readonly<Record<string, [status: number, body?: object]>>): Promise<string> {
  const server = createServer((request, response) => {
    const path = `${request.method} ${request.url!.split('?')[0]}`;
    const [status, body] = answers[path] ?? [404, { code: 'NOT_FOUND' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function reset(api: string, wait = '0.1'): Promise<string> {
  const seed = 'STACK_SEED_INTERNAL_PROJECT';
  const { code, output } = await run(process.execPath, ['--input-type=module', '--eval', scripts.adminReset], {
    env: {
      API_URL: api,
      WAIT_SECONDS: wait,
      [`${seed}_USER_EMAIL`]: 'admin@acme.test',
      [`${seed}_USER_PASSWORD`]: password,
      [`${seed}_PUBLISHABLE_CLIENT_KEY`]: madeUp('client key'),
      [`${seed}_SECRET_SERVER_KEY`]: key,
    },
  });
  expect(code).toBe(1);
  expect(output).not.toContain(password);
  expect(output).not.toContain(key);
  // One reason, and no stack trace.
  expect(
    output
      .trim()
      .split('\n')
      .every((line) => line.startsWith('admin-reset: ')),
  ).toBe(true);
  return output;
}

describe('the Job of admin reset', () => {
  test('gives up on a server that nobody is, or that is not seeded, and says so', async () => {
    const gone = await answering({});
    open.pop()!.close();
    expect(await reset(gone)).toContain('gave up on the server: nobody answers (ECONNREFUSED)');
    expect(await reset(await answering({ 'GET /health': [500] }))).toContain('its health check answers 500');
  });

  test.each([
    ['the key is refused', 'GET /api/v1/users', 401, 'INVALID_SECRET_SERVER_KEY', 'the server refuses the key'],
    [
      'the address is taken',
      'POST /api/v1/users',
      409,
      'USER_EMAIL_ALREADY_EXISTS',
      'another account signs in with this address',
    ],
    ['the server fails', 'POST /api/v1/users', 500, `the text ${password}`, 'answers 500 (no reason given)'],
  ])('says why when %s, and nothing that it was told', async (_, path, status, code, said) => {
    const api = await answering({
      'GET /health': [200],
      'GET /api/v1/users': [200, { items: [] }],
      [path]: [status, { code, error: `not with ${password}` }],
    });
    expect(await reset(api)).toContain(said);
  });

  test('does not take an answer that is not the API’s for one', async () => {
    const api = await answering({ 'GET /health': [200], 'GET /api/v1/users': [200, {}] });
    expect(await reset(api)).toContain('answers something that is not a list of accounts');
  });
});

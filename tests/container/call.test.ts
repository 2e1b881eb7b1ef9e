/**
 * @module-tag needs-curl
 */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { run } from '../support/process';

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const call = (port: number, script = scripts.call) =>
  run('sh', [
    '-c',
    script,
    'call',
    '-s',
    '-S',
    '-f',
    '-o',
    '/dev/null',
    '--max-time',
    '2',
    `http://127.0.0.1:${port}/step`,
  ]);

/** A server that answers with a status, or with undefined never; how often it was asked is counted. */
function answering(status: number | undefined): Server & { asked: number } {
  const server = Object.assign(
    createServer((_, response) => {
      server.asked++;
      if (status !== undefined) response.writeHead(status).end();
    }),
    { asked: 0 },
  );
  open.push(server);
  return server;
}

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a scheduled call', () => {
  test('is made once when it is answered well', async () => {
    const server = answering(200);
    expect(await call(await listen(server))).toMatchObject({ code: 0, output: '' });
    expect(server.asked).toBe(1);
  });

  test.each([400, 401, 404, 500, 503])('fails at once when it is answered with %d', async (status) => {
    const server = answering(status);
    const { code, output } = await call(await listen(server));
    expect(code).toBe(22);
    expect(output).toContain(String(status));
    expect(server.asked).toBe(1);
  });

  test('is not made a second time when it takes too long', async () => {
    const server = answering(undefined);
    expect((await call(await listen(server))).code).toBe(28);
    expect(server.asked).toBe(1);
    server.closeAllConnections();
  });

  test('waits for a server that does not listen yet, and says so once', async () => {
    const port = await freePort();
    const running = call(port);
    const server = answering(200);
    setTimeout(() => listen(server, port), 6000);
    const { code, output } = await running;
    expect({ code, output }).toEqual({ code: 0, output: 'call: nobody answers yet, waiting for the server\n' });
    expect(server.asked).toBe(1);
  });

  test('gives up with the reason after its time', async () => {
    const script = scripts.call.replace('wait_seconds=300', 'wait_seconds=5');
    const { code, output } = await call(await freePort(), script);
    expect(code).toBe(7);
    expect(output).toMatch(/connect/i);
  });
});

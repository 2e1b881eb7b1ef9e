/**
 * @module-tag needs-bash
 * @module-tag needs-unshare
 */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scripts } from '../../charts/scripts';
import { type Ended, isRoot, type Running, run, start } from '../support/process';

const script = scripts.ready;
const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** The API as the image has it: `/health` speaks for the process, `/health?db=1` for its database too. */
const api =
  (database: number): RequestListener =>
  (request, response) => {
    response.statusCode = request.url === '/health?db=1' ? database : request.url === '/health' ? 200 : 404;
    response.end('{"status":"ok"}');
  };

/** The dashboard: `/health` stays green whatever the pages do. */
const dashboard =
  (page: number): RequestListener =>
  (request, response) => {
    response.writeHead(request.url === '/health' ? 200 : page, { location: '/handler/sign-in' });
    response.end('<html></html>');
  };

function ready(apiPort: number, dashboardPort: number): Promise<Ended> {
  const env = { BACKEND_PORT: String(apiPort), DASHBOARD_PORT: String(dashboardPort) };
  return run('bash', ['-c', script], { env });
}

function listen(server: Server): Promise<number> {
  open.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const serve = (listener: RequestListener) => listen(createServer(listener));

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a pod is ready', () => {
  test('when the API reaches its database and the dashboard serves its page', async () => {
    const result = await ready(await serve(api(200)), await serve(dashboard(200)));
    expect(result).toMatchObject({ code: 0, output: '' });
  });

  test('when the dashboard’s page sends the browser on to the sign-in', async () => {
    expect(await ready(await serve(api(200)), await serve(dashboard(307)))).toMatchObject({ code: 0, output: '' });
  });

  test('on the image’s own ports unless it is told others', async () => {
    const nothingListens = isRoot ? ['--net'] : ['--net', '--map-root-user'];
    const result = await run('unshare', [...nothingListens, 'bash', '-c', script]);
    expect(result.output).toContain('GET /health?db=1 on port 8102');
    expect(result.output).toContain('GET / on port 8101');
  });
});

describe('a pod is not ready, and the probe’s output says which server is to blame', () => {
  test.each([500, 404, 199])('when the API with its database answers %i', async (status) => {
    const raw = createTcpServer((socket) => socket.end(`HTTP/1.1 ${status} Some Reason\r\n\r\n`));
    const port = await listen(raw);
    const result = await ready(port, await serve(dashboard(200)));
    expect(result.output).toBe(`not ready: API answered ${status} (GET /health?db=1 on port ${port})\n`);
    expect(result.code).toBe(1);
  });

  test('when the database is down, although the API’s /health is green', async () => {
    const result = await ready(await serve(api(500)), await serve(dashboard(200)));
    expect(result.code).toBe(1);
    expect(result.output).toContain('not ready: API answered 500');
  });

  test('when every page of the dashboard is broken, although its /health is green', async () => {
    const port = await serve(dashboard(500));
    const result = await ready(await serve(api(200)), port);
    expect(result).toMatchObject({ code: 1, output: `not ready: dashboard answered 500 (GET / on port ${port})\n` });
  });

  test('when nothing listens on either port', async () => {
    const result = await ready(await closedPort(), await closedPort());
    expect(result.code).toBe(1);
    expect(result.output).toContain('not ready: API is not listening or hung up');
    expect(result.output).toContain('not ready: dashboard is not listening or hung up');
  });

  test('when a server hangs up without an answer, or answers something else than HTTP', async () => {
    const hangsUp = await listen(createTcpServer((socket) => socket.end()));
    const other = await listen(createTcpServer((socket) => socket.end('220 mail.example.org ESMTP\r\n')));
    const result = await ready(hangsUp, other);
    expect(result.code).toBe(1);
    expect(result.output).toContain('not ready: API is not listening or hung up');
    expect(result.output).toContain('not ready: dashboard answered');
  });

  test('when a server takes the connection and never answers, within seconds', async () => {
    const silent: Socket[] = [];
    const port = await listen(createTcpServer((socket) => silent.push(socket)));
    open.push(() => silent.forEach((socket) => void socket.destroy()));
    const result = await ready(await serve(api(200)), port);
    expect(result).toMatchObject({
      code: 1,
      output: `not ready: dashboard gave no answer in 4 s (GET / on port ${port})\n`,
    });
    expect(result.milliseconds).toBeLessThan(10_000);
  });

  test('when a server is so stuck that no new connection gets through, within seconds', async () => {
    const { port, server } = await stuckServer();
    open.push(() => server.kill('SIGKILL'));
    const result = await ready(port, port);
    expect(result.output).toContain('not ready: API gave no answer in 4 s');
    expect(result.output).toContain('not ready: dashboard gave no answer in 4 s');
    expect(result.code).toBe(1);
    expect(result.milliseconds).toBeLessThan(10_000);
  });
});

test('the probe asks over HTTP/1.1 as localhost, and reads the whole page before it hangs up', async () => {
  const asked: IncomingMessage[] = [];
  const finished: boolean[] = [];
  const page = await serve((request, response) => {
    asked.push(request);
    response.on('close', () => finished.push(response.writableFinished));
    response.write('<html>'); // as pages are streamed
    setTimeout(() => response.end('</html>'), 300);
  });
  expect(await ready(page, page)).toMatchObject({ code: 0, output: '' });
  await vi.waitFor(() => expect(finished).toEqual([true, true]));
  expect(asked.map(({ httpVersion, method, headers }) => ({ httpVersion, method, headers }))).toEqual(
    Array(2).fill({ httpVersion: '1.1', method: 'GET', headers: { host: 'localhost', connection: 'close' } }),
  );
});

/** A server that was stopped in its tracks and whose queue of connections is full. */
async function stuckServer(): Promise<{ port: number; server: Running }> {
  const program = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
    () => console.log('port ' + server.address().port + '.'))`;
  const server = start(process.execPath, ['-e', program]);
  await server.said('.');
  const port = Number(/port (\d+)\./.exec(server.output())?.[1]);
  server.kill('SIGSTOP');
  for (let i = 0; i < 4; i++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    open.push(() => socket.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { port, server };
}

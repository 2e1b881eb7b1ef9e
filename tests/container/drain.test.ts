/**
 * @module-tag needs-bash
 * @module-tag needs-unshare
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { type Ended, isRoot, type Running, run, start } from '../support/process';

/**
 * A server as the image runs two of them: it overwrites its title, and on SIGTERM it takes no new
 * connections, finishes the requests it has and ends. `/slow` needs a worker, a child with the same environment, for 2 s.
 */
const SERVER = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
process.title = 'stack (node/nextjs)';
const server = createServer((request, response) => {
  if (request.url !== '/slow') return response.end('fast');
  spawn('sleep', ['2'], { stdio: 'ignore' }).on('exit', (code) => {
    response.statusCode = code === 0 ? 200 : 500;
    response.end('slow');
  });
});
server.listen(process.argv[2], () => console.log('listening on port', process.env.PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** The end of the image's entrypoint: both servers in the background, and the first that ends is the end of it. */
const ENTRYPOINT = `
env PORT=8102 HOSTNAME=0.0.0.0 node server.mjs api.sock &
env PORT=8101 HOSTNAME=0.0.0.0 node server.mjs dashboard.sock &
wait -n
`;

const SUBSHELLS = `
(export PORT=8102; node server.mjs api.sock; exit $?) &
(export PORT=8101; node server.mjs dashboard.sock; exit $?) &
wait -n
`;

/** As images since August 2026 do it: PID 1 passes the signal on to both. */
const PASSING_ON = `
trap 'kill -TERM $(jobs -p)' TERM
env PORT=8102 HOSTNAME=0.0.0.0 node server.mjs api.sock &
env PORT=8101 HOSTNAME=0.0.0.0 node server.mjs dashboard.sock &
wait -n
`;

const NO_BACKEND = `
env PORT=8101 node server.mjs dashboard.sock &
wait -n
`;

let folder: string;
const started: Running[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drain-'));
});

afterAll(async () => {
  for (const process of started) {
    if (existsSync(`/proc/${process.pid}`)) process.kill('SIGKILL');
    await process.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Container {
  readonly process: Running;
  /** The process id, outside, of the container's PID 1. */
  readonly init: number;
  /** Runs a script in the container as the kubelet does: beside PID 1 and not below it. */
  exec(script: string, env?: Record<string, string>): Promise<Ended>;
  get(server: 'api' | 'dashboard', path: string): Promise<number | string>;
}

async function container(entrypoint: string, ports: string[], env?: Record<string, string>): Promise<Container> {
  const cwd = mkdtempSync(join(folder, 'container-'));
  writeFileSync(join(cwd, 'server.mjs'), SERVER);
  const flags = ['--pid', '--fork', '--kill-child', '--mount-proc', ...(isRoot ? [] : ['--map-root-user'])];
  // Through cat, for a container's stdout is a pipe, and what Node makes for a child is a socket.
  const unshare = ['-c', 'unshare "$@" 2>&1 | cat', 'bash', ...flags, 'bash', '-c', entrypoint];
  const process = start('bash', unshare, { cwd, env, group: true });
  started.push(process);
  for (const port of ports) await process.said(`listening on port ${port}`);
  const init = firstChild(firstChild(process.pid));
  return {
    process,
    init,
    exec: (script, env) => {
      const user = isRoot ? [] : ['--user', '--preserve-credentials'];
      return run('nsenter', [`--target=${init}`, '--pid', '--mount', ...user, 'bash', '-c', script], { env });
    },
    get: (server, path) => get(join(cwd, `${server}.sock`), path),
  };
}

function firstChild(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}

/** The status, or the code of the error when the server hangs up. */
function get(socketPath: string, path: string): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

const drain = scripts.drain;
const NO_DELAY = { DRAIN_DELAY_SECONDS: '0' };

describe.concurrent('a container with both servers', () => {
  test('ignores SIGTERM to its PID 1, so that the grace period would only delay the kill', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102']);
    process.kill(it.init, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await it.get('api', '/')).toBe(200);
    expect(await it.get('dashboard', '/')).toBe(200);
  });

  test('loses a request in flight when both servers get SIGTERM', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102']);
    const slow = it.get('api', '/slow');
    await it.exec('sleep 0.3; kill -TERM -1');
    expect(await slow).not.toBe(200);
  });

  test.each([
    ['children of PID 1', ENTRYPOINT],
    ['children of subshells', SUBSHELLS],
  ])('finishes the request in flight and ends, with servers that are %s', async (_, entrypoint) => {
    const it = await container(entrypoint, ['8101', '8102']);
    const slow = it.get('api', '/slow');
    await it.get('api', '/');
    const draining = it.exec(drain, NO_DELAY);
    expect(await slow).toBe(200);
    await draining;
    const ended = await it.process.ended;
    expect(ended.output).toMatch(/drain: SIGTERM to the API \(process \d+\)/);
    expect(await it.get('dashboard', '/')).not.toBe(200);
  });

  test('sees the hook end first and in good order, for its PID 1 ignores the signal that follows', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102']);
    const slow = it.get('api', '/slow');
    await it.get('api', '/');
    expect(await it.exec(drain, NO_DELAY)).toMatchObject({ code: 0, signal: null });
    process.kill(it.init, 'SIGTERM');
    expect(await Promise.race([slow, 'in flight'])).toBe('in flight');
    expect(await slow).toBe(200);
    await it.process.ended;
  });

  test('keeps the hook to its end where PID 1 would pass that signal on', async () => {
    const it = await container(PASSING_ON, ['8101', '8102']);
    const slow = it.get('api', '/slow');
    await it.get('api', '/');
    const hook = it.exec(drain, NO_DELAY);
    expect(await Promise.race([slow, hook])).toBe(200);
    await hook;
    await it.process.ended;
  });

  test('takes new requests until the delay is over', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102']);
    const draining = it.exec(drain, { DRAIN_DELAY_SECONDS: '3' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await it.get('api', '/')).toBe(200);
    expect(await it.get('api', '/slow')).toBe(200);
    await draining;
    await it.process.ended;
  });

  test('hides its servers from everything that looks at command lines', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102']);
    const { output } = await it.exec('cd /proc; for pid in [0-9]*; do [ $pid = 1 ] || cat $pid/cmdline; done');
    expect(output).toContain('stack (node/nextjs)');
    expect(output).not.toContain('server.mjs');
  });

  test('finds the API when every process of the container has its port in the environment', async () => {
    const it = await container(ENTRYPOINT, ['8101', '8102'], { PORT: '8102' });
    const slow = it.get('api', '/slow');
    await it.get('api', '/');
    await it.exec(drain, { ...NO_DELAY, PORT: '8102' });
    expect(await slow).toBe(200);
    await it.process.ended;
  });

  test('finds the API on the port that BACKEND_PORT names', async () => {
    const it = await container(ENTRYPOINT.replace('8102', '9002').replace('8101', '8102'), ['9002', '8102']);
    const slow = it.get('api', '/slow');
    await it.get('api', '/');
    await it.exec(drain, { ...NO_DELAY, BACKEND_PORT: '9002' });
    expect(await slow).toBe(200);
    await it.process.ended;
  });
});

describe.concurrent('a container without the API', () => {
  test('is left alone at once, and the log says why', async () => {
    const it = await container(NO_BACKEND, ['8101']);
    const ended = await it.exec(drain, NO_DELAY);
    expect(ended.code).toBe(0);
    expect(ended.output).toBe('drain: no process has PORT=8102 in its environment, so there is nothing to drain\n');
    expect(ended.milliseconds).toBeLessThan(10_000);
    await it.process.said(ended.output);
    expect(await it.get('dashboard', '/')).toBe(200);
  });

  test('is left alone even when the hook itself has the API’s port in its environment', async () => {
    const it = await container(NO_BACKEND, ['8101']);
    const ended = await it.exec(drain, { ...NO_DELAY, PORT: '8102' });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.output).toContain('nothing to drain');
  });
});

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { createEngine, type Engine } from './engine';
import { answer, isAuthorized, Refused } from './exchange';
import { LIMITS } from './limits';
import { Machines } from './machine';
import { callMachine, machinePath } from './machines';
import { limitMemory } from './memory';
import type { PackageSet } from './packages';
import { Pool } from './pool';
import { buildProgram, CLOSES_NETWORK } from './program';
import { isScript, runScript } from './scripts';
import { runSession } from './sessions';

/** The folder with this program; the snapshots go there, too. */
const folder = __dirname;
const key = process.env.RENDERER_KEY;
const port = Number(process.env.RENDERER_PORT ?? 8080);
const concurrency = Number(process.env.RENDERER_CONCURRENCY ?? 2);
/** How long a pod that is asked to end goes on taking requests: until every node has heard that it is leaving. */
const leaveMs = Number(process.env.RENDERER_LEAVE_MS ?? 5000);

if (!key) {
  console.error('renderer: RENDERER_KEY is not set');
  process.exit(1);
}
delete process.env.RENDERER_KEY;
void serve(key);

async function serve(key: string): Promise<void> {
  const sets: PackageSet[] = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8'));
  const pools = new Map<string, Pool>();
  for (const set of sets) {
    const program = await limitMemory(buildProgram(join(folder, set.script), join(folder, `${set.name}.snapshot`)));
    pools.set(set.name, new Pool(program, concurrency));
  }
  const poolOf = (set: PackageSet) => pools.get(set.name)!;
  poolOf(sets[0]!).fill();
  const engine = createEngine(sets, poolOf);
  const machines = new Machines();
  let leaving = false;

  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: LIMITS.idleMs,
    connectionsCheckingInterval: 5000,
  });
  server.maxConnections = LIMITS.connections;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  server.on('request', (request, response) => {
    keepAlive(request, response, leaving);
    if (request.url === '/live') return answer(response, 200, {});
    if (request.url === '/ready') return answer(response, !leaving && poolOf(sets[0]!).ready ? 200 : 503, {});
    void handle(engine, machines, key, request, response);
  });
  server.on('upgrade', (request, socket, head) =>
    upgrade(engine, machines, key, sockets, request, socket as Socket, head),
  );
  server.listen(port, () => {
    const fence = CLOSES_NETWORK
      ? 'closes the network itself'
      : 'leaves the network to the sandbox and the NetworkPolicy';
    console.log(`renderer: listens on ${port}, ${concurrency} renders at a time; Node ${process.version} ${fence}`);
  });

  process.once('SIGTERM', () => {
    leaving = true;
    setTimeout(() => {
      server.close(() => {
        for (const pool of pools.values()) pool.close();
        process.exit(0);
      });
      server.closeIdleConnections();
    }, leaveMs);
  });
}

async function handle(
  engine: Engine,
  machines: Machines,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  try {
    if (!isAuthorized(request, key)) throw new Refused(401, 'UNAUTHORIZED', 'The key is another one.');
    const url = address(request);
    if (isScript(request, url.pathname)) return await runScript(engine, request, response, abort.signal);
    if (await callMachine(machines, request, url, response)) return;
    const call = `${request.method} ${url.pathname.slice(0, 200)}`;
    console.error(`renderer: unknown call: ${call}`);
    throw new Refused(501, 'NOT_IMPLEMENTED', `This renderer does not know ${call}.`);
  } catch (error) {
    refuse(response, error);
  }
}

/** Node would tell clients the very second at which it hangs up, and meet those half-way who ask at that moment. */
function keepAlive({ headers }: IncomingMessage, response: ServerResponse, leaving: boolean): void {
  const ends = leaving || headers.connection?.toLowerCase() === 'close';
  response.setHeader('connection', ends ? 'close' : 'keep-alive');
  if (!ends) response.setHeader('keep-alive', `timeout=${LIMITS.idleMs / 1000 / 3}`);
}

function upgrade(
  engine: Engine,
  machines: Machines,
  key: string,
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy());
  try {
    if (!isAuthorized(request, key)) throw new Refused(401, 'Unauthorized', '');
    const url = address(request);
    const { id, rest } = machinePath(url) ?? {};
    if (id === undefined || rest !== '/pty') throw new Refused(501, 'Not Implemented', '');
    const machine = machines.get(id);
    sockets.handleUpgrade(request, socket, head, (client) => {
      void runSession(engine, machine, url.searchParams.get('exec') ?? '', client).catch((error) => {
        console.error(`renderer: ${(error as Error).message}`);
        client.terminate();
      });
    });
  } catch (error) {
    const status = error instanceof Refused ? error.status : 500;
    const refusal = `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
    socket.end(refusal, () => socket.destroy());
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const refused = error instanceof Refused ? error : new Refused(500, 'INTERNAL_ERROR', 'The renderer failed.');
  if (refused !== error) console.error(`renderer: ${(error as Error).message}`);
  if (response.headersSent) return;
  const { status, code, message } = refused;
  answer(response, status, { code, error: code, message, description: message });
}

function address(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://renderer');
  } catch {
    throw new Refused(400, 'BAD_REQUEST', 'The address is malformed.');
  }
}

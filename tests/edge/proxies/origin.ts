import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on each of the two ports, in place of the image: it tells what reached it. */
export interface Origin {
  readonly ports: { readonly api: number; readonly dashboard: number };
  /** Lets the streamed answers that wait go on to their next part, or their end. */
  release(): void;
  close(): Promise<void>;
}

/** What reached the server of a request. */
export interface Seen {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly length: number;
  readonly sha256: string;
}

/**
 * /echo answers with what it saw, /slow?ms=… after a time, /stream with three parts, each after the first when it is
 * released. Every answer carries the headers with which the real API allows other origins
 * (docs/explanation/server.md#the-edge).
 */
export async function startOrigin(): Promise<Origin> {
  const waiting = new Set<() => void>();
  const answer = (name: string) => async (request: IncomingMessage, response: ServerResponse) => {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of request) {
      hash.update(chunk);
      length += chunk.length;
    }
    const url = new URL(request.url!, 'http://origin');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, OPTIONS');
    response.setHeader('vary', 'x-stack-project-id');
    response.setHeader('x-origin', name);
    if (url.pathname === '/slow') await new Promise((done) => setTimeout(done, Number(url.searchParams.get('ms'))));
    if (url.pathname === '/stream') {
      response.setHeader('content-type', 'text/event-stream');
      for (const part of ['first', 'second', 'third']) {
        response.write(`data: ${part}\n\n`);
        await new Promise<void>((done) => waiting.add(done));
      }
      response.end();
      return;
    }
    const seen = { host: request.headers.host, method: request.method, path: request.url, headers: request.headers };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...seen, length, sha256: hash.digest('hex') }));
  };
  const servers = [createServer(answer('api')), createServer(answer('dashboard'))] as const;
  const [api, dashboard] = await Promise.all([listen(servers[0]), listen(servers[1])]);
  return {
    ports: { api, dashboard },
    release() {
      for (const go of waiting) go();
      waiting.clear();
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

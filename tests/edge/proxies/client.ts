import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Ask {
  readonly port: number;
  readonly host: string;
  readonly tls: boolean;
  readonly path: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** All values of a header, in the order in which they arrived. */
  all(name: string): string[];
  readonly body: string;
}

/** One request on a connection of its own, to a port of this machine and under a public host name. */
export async function ask(what: Ask): Promise<Answer> {
  const response = await open(what);
  let body = '';
  for await (const chunk of response) body += chunk;
  const pairs = response.rawHeaders;
  return {
    status: response.statusCode!,
    headers: response.headers as Record<string, string>,
    all: (name) => pairs.filter((_, index) => index % 2 === 1 && pairs[index - 1]!.toLowerCase() === name),
    body,
  };
}

/** The answer as it comes in. */
export function open(what: Ask): Promise<IncomingMessage> {
  const { port, host, tls, path, method = 'GET', headers, body } = what;
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: { host, ...headers, ...(body ? { 'content-length': body.length } : {}) },
  };
  return new Promise((resolve, reject) => {
    const sent = tls
      ? httpsRequest({ ...options, servername: host, rejectUnauthorized: false }, resolve)
      : httpRequest(options, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from './limits';

/** An answer that is not a success: the code in capitals is what the SDKs look at. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Compares digests, which have one length whatever was sent, in a time that does not depend on them. */
export function isAuthorized(request: IncomingMessage, key: string): boolean {
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${key}`));
}

/** The body, as far as it is not too long. How slowly it may come, the HTTP server limits. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (Number(request.headers['content-length']) > LIMITS.bodyBytes) throw tooLarge();
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LIMITS.bodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse((await readBody(request)).toString('utf8'));
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(400, 'BAD_REQUEST', 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'BAD_REQUEST', 'The body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** What has been sent of a body that nobody read ends with the answer: Node would go on to read and forget it. */
export function answer(response: ServerResponse, status: number, body?: unknown): void {
  if (response.writableEnded || response.destroyed) return;
  if (isUnread(response.req)) {
    const { socket } = response;
    response.setHeader('connection', 'close');
    response.once('finish', () => socket?.destroy());
  }
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.setHeader('content-type', Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json');
  response.writeHead(status, { 'content-length': bytes.length }).end(bytes);
}

function isUnread({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

function tooLarge(): Refused {
  return new Refused(413, 'PAYLOAD_TOO_LARGE', `A body may have ${LIMITS.bodyBytes / 1024 / 1024} MiB.`);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

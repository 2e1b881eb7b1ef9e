export interface Ask {
  readonly url: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Length of a body of random bytes. @default - none */
  readonly bytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Every header as it came, name and value. */
  readonly rawHeaders: [string, string][];
  readonly body: string;
  /** Milliseconds from the first part of the body to the last one. */
  readonly spread: number;
  /** Of the body that was sent. */
  readonly sha256: string;
  /** What the server showed of itself, by https. It was verified. */
  readonly certificate?: { readonly serialNumber: string; readonly subjectaltname: string };
}

/** A program for Node in a pod: one request on a connection of its own, as the input says. */
export const script = `
import { createHash, randomBytes } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
const { url, method = 'GET', headers = {}, bytes = 0 } = JSON.parse(await text(process.stdin));
const sent = randomBytes(bytes);
const { request } = url.startsWith('https:') ? https : http;
const options = { method, headers: { ...headers, ...(bytes && { 'content-length': bytes }) }, agent: false };
const response = await new Promise((resolve, reject) => request(url, options, resolve).on('error', reject).end(sent));
const shown = response.socket.getPeerCertificate?.();
const parts = [];
const times = [];
for await (const part of response) {
  parts.push(part);
  times.push(performance.now());
}
console.log(JSON.stringify({
  status: response.statusCode,
  headers: response.headers,
  rawHeaders: response.rawHeaders.flatMap((name, i, all) => (i % 2 ? [] : [[name.toLowerCase(), all[i + 1]]])),
  body: Buffer.concat(parts).toString(),
  spread: times.length ? times.at(-1) - times[0] : 0,
  sha256: createHash('sha256').update(sent).digest('hex'),
  certificate: shown && { serialNumber: shown.serialNumber, subjectaltname: shown.subjectaltname },
}));
`;

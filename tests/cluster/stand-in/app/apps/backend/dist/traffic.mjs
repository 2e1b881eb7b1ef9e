import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What has arrived of a request. */
export async function echo(request) {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    length += chunk.length;
  }
  const { method, url, headers } = request;
  return { method, url, headers, client: clientAddress(headers), length, sha256: hash.digest('hex') };
}

/** An answer in parts, as those of AI are. */
export function stream(parts, everyMs) {
  return Readable.from(
    (async function* () {
      for (let part = 1; part <= parts; part++) {
        if (part > 1) await sleep(everyMs);
        yield `data: ${part}\n\n`;
      }
    })(),
  );
}

/** Whom the server takes for the client. */
function clientAddress(headers) {
  const forwarded = (headers['x-forwarded-for'] ?? '').split(',').map((address) => address.trim());
  switch (process.env.STACK_TRUSTED_PROXY) {
    case 'vercel':
      return headers['x-vercel-forwarded-for'];
    case 'cloudflare':
      return headers['cf-connecting-ip'];
    case 'cloudrun':
      return forwarded.at(-2);
    default:
      return headers['x-real-ip'] ?? forwarded[0];
  }
}

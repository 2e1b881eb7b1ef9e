import type { Environment } from '../../config/environment';

/**
 * An AI request may carry three images of 3 MB as base64; the server itself cuts off at 10 MB
 * (docs/explanation/server.md#the-edge).
 */
export const BODY_MEGABYTES = 16;

/** AI answers stream for up to four minutes and analytics queries take two (docs/explanation/server.md#the-edge). */
export const READ_SECONDS = 300;

/** Without includeSubDomains: other hosts below ours are not ours to pin. */
export function hstsHeader(env: Environment): string {
  return `max-age=${env.settings.edge.hsts}`;
}

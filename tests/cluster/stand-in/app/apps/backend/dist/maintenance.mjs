import { setTimeout as sleep } from 'node:timers/promises';
import { record, scaled } from './database.mjs';

/** How long one call of each scheduled endpoint lasts, in milliseconds, and since which generation it exists. */
const endpoints = {
  'email-queue-step': { lasts: 120_000, oneStep: 1700 },
  'external-db-sync/sequencer': { lasts: 180_000, bounded: true },
  'external-db-sync/poller': { lasts: 180_000, bounded: true },
  'workflow-engine-step': { lasts: 5000, generation: 'C' },
  'issues/reconciler': { lasts: 5000, generation: 'C' },
};

/** Answers a scheduled endpoint, or undefined when there is none of this name. */
export async function maintenance(pool, request, url, route) {
  const endpoint = endpoints[route.slice('/api/v1/internal/'.length)];
  if (!endpoint || request.method !== 'GET' || (endpoint.generation ?? 'A') > process.env.STAND_IN_GENERATION)
    return undefined;
  const { authorization } = request.headers;
  const secret = process.env.CRON_SECRET;
  const bearerOk = Boolean(secret) && authorization === `Bearer ${secret}`;
  const done = await record(pool, {
    kind: 'maintenance',
    method: request.method,
    path: url.pathname,
    query: url.search,
    bearerOk,
    userAgent: request.headers['user-agent'],
  });
  const result = await call(endpoint, url.searchParams, { authorization, secret, bearerOk });
  await done(result.status ?? 200);
  return result;
}

async function call(endpoint, parameters, { authorization, secret, bearerOk }) {
  if (!secret) return { status: 500, body: { error: 'Missing environment variable CRON_SECRET' } };
  // The two loops also take an administrator's keys, so a call without any header is only not authorized there.
  if (!authorization && !endpoint.bounded) return { status: 400, body: { error: 'no authorization header' } };
  if (!bearerOk) return { status: 401, body: { error: 'unauthorized' } };
  const wanted = Number(parameters.get('maxDurationMs') ?? endpoint.lasts);
  if (endpoint.bounded && !(Number.isInteger(wanted) && wanted > 0))
    return { status: 400, body: { error: 'maxDurationMs' } };
  const once = endpoint.oneStep && parameters.get('only_one_step') === 'true';
  // The loops do not look at the client: a caller that has gone leaves them running to their end.
  await sleep(scaled(once ? endpoint.oneStep : endpoint.bounded ? wanted : endpoint.lasts));
  if (process.env.STAND_IN_FAULT === 'failing-maintenance')
    return { status: 500, body: { error: 'as STAND_IN_FAULT asks' } };
  return { body: { ok: true } };
}

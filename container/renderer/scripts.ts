import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Engine, versions } from './engine';
import { answer, Refused, readJson } from './exchange';

/** `POST /execute/v1..v3/script` of npm's `freestyle-sandboxes`, which servers of generations A and B call. */
export function isScript(request: IncomingMessage, path: string): boolean {
  return request.method === 'POST' && /^\/execute\/v[123]\/script$/.test(path);
}

/**
 * The result as it is: an error that the script returned is the server's own business. What the script threw, and what
 * had to be stopped, are errors of the call, so the server's queue tries again: it cannot tell a busy node from a loop.
 */
export async function runScript(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { script, config } = await readJson(request);
  if (typeof script !== 'string') throw new Refused(400, 'BAD_REQUEST', 'The body has no script.');
  const { nodeModules, envVars } = (config ?? {}) as { nodeModules?: unknown; envVars?: unknown };
  const outcome = await engine({ script, variables: versions(envVars) }, versions(nodeModules), signal);
  if ('stopped' in outcome) throw new Refused(500, 'EXECUTION_ERROR', outcome.message);
  if ('error' in outcome) throw new Refused(500, 'EXECUTION_ERROR', outcome.error.stack ?? outcome.error.message);
  answer(response, 200, outcome);
}

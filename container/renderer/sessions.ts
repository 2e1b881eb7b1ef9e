import type { WebSocket } from 'ws';
import { type Engine, versions } from './engine';
import { Refused } from './exchange';
import type { Machine } from './machine';

/** Text frames a client may send while its job runs; none is needed, and a flood of them ends the session. */
const MAX_FRAMES = 100;

const COMMAND = /^\/usr\/local\/bin\/hexclave-run-job\s+(['"]?)(\/[\w./-]+)\1$/;

/**
 * `/v5/vms/{id}/pty?exec=/usr/local/bin/hexclave-run-job <folder>`: runs `code.mjs` of the folder and writes what its
 * default export returned to `result.json`, which the client reads once it has been told that the job exited with 0.
 */
export async function runSession(engine: Engine, machine: Machine, command: string, socket: WebSocket): Promise<void> {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, machine.abort.signal]);
  let frames = 0;
  socket.on('message', (data, isBinary) => {
    frames += 1;
    if (frames > MAX_FRAMES) return socket.close(1008, 'too many messages');
    if (!isBinary && isSignal(data.toString())) abort.abort();
  });
  socket.on('error', () => socket.terminate());
  machine.sessions += 1;
  const sessionId = machine.sessions;
  const folder = COMMAND.exec(command)?.[2];
  if (folder === undefined) {
    console.error('renderer: unknown command in a terminal session');
    send(socket, {
      type: 'error',
      message: 'This renderer runs /usr/local/bin/hexclave-run-job <folder> and nothing else.',
    });
    socket.close(1008);
    return;
  }
  send(socket, { type: 'sessionInfo', sessionId, created: true });
  const failure = await runJob(engine, machine, folder, signal);
  if (failure !== undefined && socket.readyState === socket.OPEN) socket.send(Buffer.from(`${failure}\n`));
  send(socket, { type: 'exited', exitCode: failure === undefined ? 0 : 1 });
  socket.close(1000);
}

/** Undefined, or why there is no result. */
async function runJob(
  engine: Engine,
  machine: Machine,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const script = machine.read(`${folder}/code.mjs`).toString('utf8');
    const outcome = await engine({ script, variables: {} }, dependencies(machine, folder), signal);
    if ('stopped' in outcome) return outcome.message;
    if ('error' in outcome) return outcome.error.stack ?? outcome.error.message;
    if (outcome.result === undefined) return 'The script returned nothing.';
    machine.write(`${folder}/result.json`, Buffer.from(JSON.stringify(outcome.result)));
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

function dependencies(machine: Machine, folder: string): Record<string, string> {
  const file = `${folder}/package.json`;
  if (!machine.exists(file)) return {};
  try {
    return versions(JSON.parse(machine.read(file).toString('utf8')).dependencies);
  } catch {
    throw new Refused(400, 'BAD_REQUEST', 'The job’s package.json is not JSON.');
  }
}

function isSignal(text: string): boolean {
  try {
    return JSON.parse(text).type === 'signal';
  } catch {
    return false;
  }
}

function send(socket: WebSocket, message: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

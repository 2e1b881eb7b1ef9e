import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { CommandRun } from './cli';

/**
 * Runs the command in a process that is there already, and waits for its end. Node takes longer to start than most commands
 * to run, and the tests run hundreds.
 */
export function warmCommand(folder: string, args: readonly string[], env: Record<string, string>): CommandRun {
  relay ??= startRelay();
  Atomics.store(relay.answered, 0, 0);
  relay.port.postMessage({ folder, args, env });
  Atomics.wait(relay.answered, 0, 0);
  const run = receiveMessageOnPort(relay.port)?.message as CommandRun | undefined;
  if (!run) throw new Error(`the process of the commands ended during ${args.join(' ')}`);
  return run;
}

interface Relay {
  readonly port: MessagePort;
  /** 1 when the answer is there: the thread of the tests sleeps until then. */
  readonly answered: Int32Array;
}

let relay: Relay | undefined;

/** A thread of its own talks to the process, for the one of the tests cannot wait and listen at once. */
const THREAD = `
const { fork } = require('node:child_process');
const { workerData: { program, port, answered } } = require('node:worker_threads');
const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
const wake = () => { Atomics.store(answered, 0, 1); Atomics.notify(answered, 0); };
port.on('message', (command) => child.send(command));
child.on('message', (run) => { port.postMessage(run); wake(); });
child.on('exit', wake);
`;

function startRelay(): Relay {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const program = fileURLToPath(new URL('warm-process.cjs', import.meta.url));
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { program, port: port2, answered },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  return { port: port1, answered };
}

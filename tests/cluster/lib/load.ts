import { logs } from './api';
import { exec } from './kubectl';
import { type PodOptions, serverImage, startPod } from './pods';
import { eventually } from './wait';

export interface Load {
  requests: number;
  /** How many requests got each status; `0` stands for no answer. */
  statuses: Record<string, number>;
  /** The first failures, with their time. */
  failures: string[];
}

export interface LoadOptions extends Pick<PodOptions, 'image' | 'hosts' | 'authority'> {
  readonly everyMs?: number;
  readonly timeoutMs?: number;
}

/**
 * Sends requests to a URL from a pod of its own, one connection each, so that every one of them goes through the
 * Service. `stop()` ends the load and tells what came back.
 */
export async function startLoad(
  namespace: string,
  name: string,
  url: string,
  { everyMs = 50, timeoutMs = 30_000, image = serverImage('c-1'), ...pod }: LoadOptions = {},
): Promise<{ stop(): Promise<Load> }> {
  await startPod(namespace, name, {
    ...pod,
    image,
    command: ['node', '--input-type=module', '-e', script],
    env: { URL: url, EVERY_MS: String(everyMs), TIMEOUT_MS: String(timeoutMs) },
    user: 1000,
    restartPolicy: 'Never', // its last line is the result
  });
  await eventually(`requests of ${name}`, async () => (await logs(namespace, name)).includes('started'));
  return {
    async stop() {
      await exec(namespace, name, ['bash', '-c', 'kill -TERM 1']);
      return eventually(`the count of ${name}`, async () => {
        const line = (await logs(namespace, name)).trimEnd().split('\n').at(-1)!;
        return line.startsWith('{') && (JSON.parse(line) as Load);
      });
    },
  };
}

const script = `
import * as http from 'node:http';
import * as https from 'node:https';
const { URL: url, EVERY_MS, TIMEOUT_MS } = process.env;
const load = { requests: 0, statuses: {}, failures: [] };
let open = 0;
const { request } = url.startsWith('https:') ? https : http;
function send() {
  load.requests++;
  open++;
  const end = (status, why) => {
    open--;
    load.statuses[status] = (load.statuses[status] ?? 0) + 1;
    if (status !== 200 && load.failures.length < 20) load.failures.push(new Date().toISOString() + ' ' + status + ' ' + why);
  };
  const call = request(url, { agent: false, timeout: Number(TIMEOUT_MS) }, (response) => {
    response.resume();
    let whole = false;
    response.on('end', () => { whole = true; end(response.statusCode, ''); });
    response.on('close', () => { if (!whole) end(0, 'cut off'); });
  });
  call.on('timeout', () => call.destroy(new Error('timeout')));
  let failed = false;
  call.on('error', (error) => { if (!failed) { failed = true; end(0, error.message); } });
  call.end();
}
const timer = setInterval(send, Number(EVERY_MS));
console.log('started');
process.on('SIGTERM', () => {
  clearInterval(timer);
  setInterval(() => { if (open === 0) { console.log(JSON.stringify(load)); process.exit(0); } }, 50);
});
`;

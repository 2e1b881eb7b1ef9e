import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolFolder } from '../../support/tools';
import { bed, onNode } from './kubectl';
import { eventually } from './wait';

export const crane = join(toolFolder, 'crane');

/** Whether there can be a registry on the node: it is a program on the bed's own loopback device. */
export const canServe = bed !== undefined && existsSync(crane);
if (bed && !canServe) {
  const reason = 'crane is not installed: tests/tools/install.sh';
  if (process.env.CI) throw new Error(reason);
  console.log(`no registry on the bed, ${reason}`);
}

/** Where images are published, and where a closed network keeps its own, behind a login. One program serves both. */
export const registries = { open: '127.0.0.1:5001', closed: '127.0.0.1:5002' } as const;

/** Starts them on the node; the function that is returned ends them. */
export async function startRegistries(user: string, password: string): Promise<() => Promise<unknown>> {
  const [open, closed] = Object.values(registries).map((address) => Number(address.split(':')[1]));
  const pids = await Promise.all([
    inBackground([crane, 'registry', 'serve', '--address', registries.open]),
    inBackground(['node', '-e', DOOR, String(closed), String(open), `${user}:${password}`]),
  ]);
  await eventually('both registries', async () => {
    await onNode([crane, 'catalog', registries.open]);
    return onNode([
      'node',
      '-e',
      `fetch('http://${registries.closed}/v2/').then(({ status }) => process.exit(status === 401 ? 0 : 1))`,
    ]).then(() => true);
  });
  return () => onNode(['kill', ...pids]);
}

/**
 * Puts an image that the node has into the open registry, under the name that it is published by and as an image of its own: the
 * kubelet lets pods without the login start nothing that was ever pulled with one, and other tests run the image itself.
 */
export async function publish(image: string): Promise<void> {
  const there = `${registries.open}/${image.replace(/^docker\.io\//, '').split('@')[0]}`;
  await onNode(['ctr', '-n', 'k8s.io', 'images', 'push', '--plain-http', there, image]);
  await onNode([crane, 'mutate', there, '--label', 'test=closed-network', '--tag', there]);
}

async function inBackground(command: readonly string[]): Promise<string> {
  const started = 'setsid "$@" < /dev/null > /dev/null 2>&1 & echo $!';
  return (await onNode(['sh', '-c', started, 'sh', ...command])).trim();
}

/** Lets through to the open registry who knows the password. */
const DOOR = `
const { createServer, request } = require('node:http');
const [port, behind, login] = process.argv.slice(1);
const wanted = 'Basic ' + Buffer.from(login).toString('base64');
createServer((call, answer) => {
  if (call.headers.authorization !== wanted) {
    answer.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' });
    return answer.end();
  }
  const { method, url: path, headers } = call;
  const onward = request({ host: '127.0.0.1', port: behind, method, path, headers }, (response) => {
    answer.writeHead(response.statusCode, response.headers);
    response.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  call.pipe(onward);
}).listen(Number(port), '127.0.0.1');
`;

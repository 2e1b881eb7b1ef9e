import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logs, one } from '../../cluster/lib/api';
import { bed } from '../../cluster/lib/kubectl';
import { startPod } from '../../cluster/lib/pods';

const HOST = 'unpkg.com';
const AUTHORITY = 'private-ca';

/** A web server in the place of the one that the server gets esbuild's WebAssembly from, as a closed network has it. */
export interface Unpkg {
  /** What the environment holds besides: the authority that signed its certificate. */
  readonly extra: readonly object[];
  /** Starts it. Returns environment.yaml with the lines of docs/how-to/closed-network.md. */
  start(): Promise<(yaml: string) => string>;
  /** Paths that it was asked for, each as often as it was. */
  asked(): Promise<string[]>;
}

/** On the bed, which reaches nothing outside. Undefined on a cluster of the user's. */
export function unpkg(namespace: string): Unpkg | undefined {
  if (!bed) return undefined;
  const { authority, certificate, key } = certificates();
  const metadata = { name: AUTHORITY };
  return {
    extra: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': authority } }],
    async start() {
      await startPod(namespace, 'unpkg', {
        image: 'docker.io/test/unpkg:1',
        command: ['node', '-e', program],
        env: { CERTIFICATE: certificate, KEY: key },
        lowPorts: true,
        user: 1000,
      });
      const { podIP } = (await one(namespace, 'pods', 'unpkg')).status;
      return (yaml) => `${yaml.trimEnd()}
pods: { server: { hostAliases: [{ ip: ${podIP}, hostnames: [${HOST}] }] } }
caBundle: { configMap: ${AUTHORITY} }
network: { egress: [{ port: 443, cidr: ${podIP}/32, pods: [server] }] }
`;
    },
    asked: async () => (await logs(namespace, 'unpkg')).split('\n').filter(Boolean),
  };
}

const program = `
const { createReadStream } = require('node:fs');
const { posix: { join } } = require('node:path');
require('node:https').createServer({ cert: process.env.CERTIFICATE, key: process.env.KEY }, (request, response) => {
  console.log(request.headers.host + request.url);
  createReadStream(join('/srv', join('/', request.url)))
    .on('open', () => response.writeHead(200, { 'content-type': 'application/wasm' }))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
}).listen(443);
process.on('SIGTERM', () => process.exit());
`;

function certificates(): { authority: string; certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hexclave-unpkg-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  try {
    openssl(...made, '-subj', '/CN=A private authority', '-keyout', 'ca.key', '-out', 'ca.crt');
    const signed = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-subj',
      `/CN=${HOST}`,
      '-addext',
      `subjectAltName=DNS:${HOST}`,
    ];
    openssl(
      ...made,
      ...signed,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-keyout',
      'key',
      '-out',
      'certificate',
    );
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { authority: read('ca.crt'), certificate: read('certificate'), key: read('key') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

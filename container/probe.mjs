// Run by `doctor --probe` inside a server pod, with that pod's variables and under its policies: tries to connect to every
// service that the variables name, and prints a line of JSON for each. Of the values it prints host and port alone.
// biome-ignore-all lint/style/useTemplate: as the other programs for pods are written.
import { connect } from 'node:net';

const USUAL_PORTS = { 'postgres:': 5432, 'postgresql:': 5432, 'http:': 80, 'https:': 443, 'smtp:': 25 };
const URLS = [
  'DATABASE_CONNECTION_STRING',
  'CLICKHOUSE_URL',
  'SVIX_SERVER_URL',
  'S3_ENDPOINT',
  'FREESTYLE_API_ENDPOINT',
  'QSTASH_URL',
];

const targets = URLS.flatMap((name) => {
  const text = setting(name);
  if (!text || !URL.canParse(text)) return [];
  const { protocol, hostname, port } = new URL(text);
  return [{ what: 'STACK_' + name, host: hostname, port: Number(port) || USUAL_PORTS[protocol] }];
});
if (setting('EMAIL_HOST')) {
  targets.push({ what: 'STACK_EMAIL_HOST', host: setting('EMAIL_HOST'), port: Number(setting('EMAIL_PORT')) || 25 });
}

for (const outcome of await Promise.all(targets.map(attempt))) console.log(JSON.stringify(outcome));

function setting(name) {
  return process.env['STACK_' + name] || process.env['HEXCLAVE_' + name];
}

/** Any connection will do: whether the other side likes what it hears is for the logs. */
function attempt(target) {
  return new Promise((resolve) => {
    const socket = connect({ host: target.host.replace(/^\[|\]$/g, ''), port: target.port, timeout: 5000 });
    const end = (reached, code) => {
      socket.destroy();
      resolve({ ...target, reached, ...(code ? { code } : {}) });
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false, 'no answer in 5 s'));
    socket.on('error', (error) => end(false, error.code || 'failed'));
  });
}

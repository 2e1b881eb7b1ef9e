import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, pod, record } from './database.mjs';
import { maintenance } from './maintenance.mjs';
import { internalKeys } from './seed.mjs';
import { echo, stream } from './traffic.mjs';

// The vendor's processes rename themselves, which overwrites their arguments: nothing can find them by script name.
process.title = 'stack-backend:81 (node/nextjs)';

const pool = connect();
const generation = process.env.STAND_IN_GENERATION;
const hog = [];

const server = createServer((request, response) => {
  answer(request).then(
    ({ status = 200, body }) => reply(response, status, body),
    (error) => {
      console.error(error);
      reply(response, 500, { error: error.message });
    },
  );
});
server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT ?? 5000);
server.listen(Number(process.env.PORT), process.env.HOSTNAME, () => console.log(`API ready on ${process.env.PORT}`));

// Stops accepting, lets what is in flight end, then goes.
process.on('SIGTERM', () => {
  console.log('SIGTERM: draining');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

async function answer(request) {
  const url = new URL(request.url, 'http://stand-in');
  const route = url.pathname.replace(/^\/api\/latest\//, '/api/v1/');
  const number = (name, fallback) => Number(url.searchParams.get(name) ?? fallback);
  if (route === '/health') return url.searchParams.get('db') ? databaseHealth() : { body: { status: 'ok' } };
  if (route === '/api/v1/internal/backend-urls') return { body: { urls: backendUrls() } };
  if (route.startsWith('/api/v1/internal/'))
    return (await maintenance(pool, request, url, route)) ?? { status: 404, body: { error: 'not found' } };
  if (route === '/crash' && request.method === 'POST') process.exit(1);
  if (route === '/memory' && request.method === 'POST') {
    for (let i = 0; i < number('mb', 64); i++) hog.push(Buffer.alloc(1 << 20, 1));
    return { body: { megabytes: hog.length } };
  }
  refuseUnknownProxy();
  if (route === '/echo') return { body: await echo(request) };
  if (route === '/stream') return { body: stream(number('parts', 3), number('everyMs', 500)) };
  const done = await record(pool, {
    kind: 'request',
    method: request.method,
    path: url.pathname,
    query: url.search,
    userAgent: request.headers['user-agent'],
  });
  const result =
    route === '/slow'
      ? await slow(number('ms', 1000))
      : route === '/api/v1/check'
        ? await check()
        : { status: 404, body: { error: 'not found' } };
  await done(result.status ?? 200);
  return result;
}

async function slow(milliseconds) {
  await sleep(milliseconds);
  return { body: { pod } };
}

/** 500 while the database is away or holds no project yet, that is until migrated and seeded. */
async function databaseHealth() {
  const { rowCount } = await pool.query('SELECT 1 FROM "Project" LIMIT 1');
  return rowCount ? { body: { status: 'ok' } } : { status: 500, body: { error: 'no project' } };
}

/** The dashboard signs in with the keys of its environment, the API looks them up among the seeded ones. */
async function check() {
  const { rows } = await pool.query(`SELECT kind, value FROM "ApiKey" WHERE "projectId" = 'internal'`);
  const mine = internalKeys({ ...process.env, STAND_IN_GENERATION: 'A' }); // the entrypoint has settled the spelling
  const wrong = Object.keys(mine).filter((kind) => rows.find((row) => row.kind === kind)?.value !== mine[kind]);
  return wrong.length
    ? { status: 500, body: { error: 'INVALID_PUBLISHABLE_CLIENT_KEY', keys: wrong } }
    : { body: { pod, generation } };
}

/** Generations A and B know three proxies and answer 500 for any other name. */
function refuseUnknownProxy() {
  const known = ['', 'vercel', 'cloudflare', 'cloudrun', ...(generation === 'C' ? ['generic'] : [])];
  const proxy = process.env.STACK_TRUSTED_PROXY ?? '';
  if (!known.includes(proxy)) throw new Error(`unknown trusted proxy ${proxy}`);
}

function backendUrls() {
  const config = process.env.STACK_BACKEND_URLS_CONFIG;
  if (config) return Object.values(JSON.parse(config)).flat();
  const url = process.env.NEXT_PUBLIC_STACK_API_URL;
  const local = /^http:\/\/localhost:(\d+)02$/.exec(url);
  return [url, ...(local ? [`http://localhost:${local[1]}10`] : [])];
}

function reply(response, status, body) {
  if (body instanceof Readable) {
    response.writeHead(status, { 'content-type': 'text/event-stream' });
    body.pipe(response);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

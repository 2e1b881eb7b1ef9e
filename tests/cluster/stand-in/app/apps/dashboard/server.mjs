import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

process.title = 'stack-dashboard:81 (node/nextjs)';

const bundle = '.next/static/chunks/app.js';

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://stand-in');
  const [status, body] = answer(request.method, pathname);
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(body);
});
server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT ?? 5000);
server.listen(Number(process.env.PORT), process.env.HOSTNAME, () =>
  console.log(`dashboard ready on ${process.env.PORT}`),
);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

function answer(method, path) {
  if (path === '/health') return [200, '{"status":"ok"}'];
  if (path === '/crash' && method === 'POST') process.exit(1);
  const script = readFileSync(bundle, 'utf8');
  if (path === `/_next/${bundle.slice('.next/'.length)}`) return [200, script];
  if (path !== '/' && path !== '/handler/sign-in') return [404, 'not found'];
  // A page is made from the substituted values; a sentinel that was left in place is no URL.
  return script.includes('STACK_ENV_VAR_SENTINEL_') ? [500, 'Invalid URL'] : [200, `<script>${script}</script>`];
}

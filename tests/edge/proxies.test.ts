import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EdgeProperty, edgePresets, openshiftRouter as router } from '../../config/edge-presets';
import { type Files, guideConfig, synthesize } from '../support/cases';
import { edgeCases, edgeFiles } from '../support/edge-cases';
import { objectsOf } from '../support/objects';
import { type Answer, type Ask, ask, open } from './proxies/client';
import { haproxyIngress, openshiftRouter } from './proxies/haproxy';
import { f5Nginx, ingressNginx } from './proxies/nginx';
import { type Origin, type Seen, startOrigin } from './proxies/origin';
import { type Controller, type RunningProxy, SCALE, startProxy } from './proxies/proxy';

/**
 * Debian's nginx and haproxy, with what the controllers make of the emitted objects. What a controller cannot be told
 * is in config/edge-presets.ts, and is seen here to be missing.
 */
const controllers: [string, Controller, Files, Partial<Record<EdgeProperty, string>>][] = [
  ['f5-nginx', f5Nginx, edgeCases['f5-nginx'], edgePresets['f5-nginx'].ingress!],
  ['nginx-legacy', ingressNginx, edgeCases['nginx-legacy'], edgePresets['nginx-legacy'].ingress!],
  ['haproxy', haproxyIngress, edgeCases.haproxy, edgePresets.haproxy.ingress!],
  ['openshift', openshiftRouter, edgeCases.openshift, router.ingress!],
];

const API = new URL(guideConfig.NEXT_PUBLIC_STACK_API_URL!).hostname;
const DASHBOARD = new URL(guideConfig.NEXT_PUBLIC_STACK_DASHBOARD_URL!).hostname;
const FORGED = '203.0.113.66';
const FORGERY = {
  'x-real-ip': FORGED,
  'x-forwarded-for': FORGED,
  'x-forwarded-host': 'forged.test',
  'x-forwarded-proto': 'gopher',
};

let origin: Origin;
let proxy: RunningProxy;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

const start = async (controller: Controller, files: Files) => {
  proxy = await startProxy(
    controller,
    objectsOf(synthesize(files)).map(({ object }) => object),
    origin,
    SCALE,
  );
};
const https = (path: string, more: Partial<Ask> = {}) =>
  ask({ port: proxy.https, tls: true, host: API, path, ...more });
const http = (path: string, more: Partial<Ask> = {}) => ask({ port: proxy.http, tls: false, host: API, path, ...more });
const seen = (answer: Answer): Seen => JSON.parse(answer.body);
/** An answer that takes longer than the minute or less for which proxies wait by themselves. */
const slow = `/slow?ms=${(100 * 1000) / SCALE}`;

describe.each(controllers)('behind %s', (_, controller, files, gaps) => {
  beforeAll(() => start(controller, files));
  afterAll(() => proxy.stop());

  it('each host reaches its own port', async () => {
    expect((await https('/echo')).headers['x-origin']).toBe('api');
    expect((await https('/echo', { host: DASHBOARD })).headers['x-origin']).toBe('dashboard');
  });

  it('a body of 12 MB arrives whole', async () => {
    const body = randomBytes(12 * 1024 * 1024);
    const { length, sha256 } = seen(await https('/echo', { method: 'POST', body }));
    expect(length).toBe(body.length);
    expect(sha256).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('an answer that takes 100 s is not cut off', async () => {
    expect((await https(slow)).status).toBe(200);
  });

  it('a streamed answer is passed on part by part', async () => {
    const response = await open({ port: proxy.https, tls: true, host: API, path: '/stream' });
    const parts = response[Symbol.asyncIterator]();
    for (const part of ['first', 'second', 'third']) {
      expect(String((await parts.next()).value)).toContain(part);
      origin.release();
    }
    expect(await parts.next()).toMatchObject({ done: true });
  });

  it('no address that a client makes up reaches the server in X-Real-IP', async () => {
    const { headers } = seen(await https('/echo', { headers: FORGERY }));
    expect(headers['x-real-ip']).toBe('127.0.0.1');
    expect(headers['x-forwarded-host']).toBe(API);
    expect(headers['x-forwarded-proto']).toBe('https');
    expect(headers['x-forwarded-for']).toBe('forwarded' in gaps ? `${FORGED}, 127.0.0.1` : '127.0.0.1');
  });

  it('the headers of other clouds pass as a client sends them, so that trusting them would be a mistake', async () => {
    const headers = { 'cf-connecting-ip': FORGED, 'x-vercel-forwarded-for': FORGED };
    expect(seen(await https('/echo', { headers })).headers).toMatchObject(headers);
  });

  it.each(['OPTIONS', 'PUT', 'PATCH', 'DELETE'])(
    '%s passes, and the answer allows what the server allows',
    async (method) => {
      const body = method === 'OPTIONS' ? undefined : Buffer.from('{}');
      const headers = {
        origin: 'https://app.acme.test',
        'access-control-request-method': 'PUT',
        'x-stack-project-id': 'p',
      };
      const answer = await https('/echo', { method, body, headers });
      expect(seen(answer)).toMatchObject({ method, headers, length: body?.length ?? 0 });
      expect(answer.all('access-control-allow-origin')).toEqual(['*']);
      expect(answer.all('access-control-allow-methods')).toEqual(['GET, POST, PUT, PATCH, DELETE, OPTIONS']);
      expect(answer.all('access-control-allow-credentials')).toEqual([]);
      expect(answer.all('vary')).toEqual(['x-stack-project-id']);
    },
  );

  it('http is sent to https, by a code that keeps the method', async () => {
    const answer = await http('/api/v1/users?a=b', { method: 'POST', body: Buffer.from('{}') });
    expect(answer.status).toBe('redirect' in gaps ? 302 : 308);
    expect(answer.headers.location).toMatch(new RegExp(`^https://${API}(:443)?/api/v1/users\\?a=b$`));
  });

  it('browsers are told once to stay with https, and only over https', async () => {
    for (const host of [API, DASHBOARD]) {
      const values = (await https('/echo', { host })).all('strict-transport-security');
      expect(values).toHaveLength(1);
      expect(values[0]).toMatch(/^max-age=31536000\b/);
    }
  });
});

describe('without the annotations of its preset', () => {
  const bare = edgeFiles('edge: { tls: { clusterIssuer: letsencrypt } }');
  afterEach(() => proxy.stop());

  it('f5-nginx refuses the body, cuts the answer off, holds the stream back, answers 301 and sends no HSTS', async () => {
    await start(f5Nginx, bare);
    expect((await https('/echo', { method: 'POST', body: Buffer.alloc(12 * 1024 * 1024) })).status).toBe(413);
    expect((await https(slow)).status).toBe(504);
    const response = await open({ port: proxy.https, tls: true, host: API, path: '/stream' });
    // The first part comes together with the headers.
    await once(response, 'data');
    origin.release();
    // Half of the time after which this nginx gives up.
    const second = once(response, 'data').then(
      () => true,
      () => false,
    );
    const early = await Promise.race([second, sleep(600).then(() => false)]);
    origin.release();
    expect(early, 'the second part was passed on before the third was there').toBe(false);
    response.destroy();
    await second;
    expect((await http('/echo')).status).toBe(301);
    expect((await https('/echo')).all('strict-transport-security')).toEqual([]);
  });

  it('haproxy cuts the answer off, believes X-Real-IP and redirects to its own port', async () => {
    await start(haproxyIngress, bare);
    expect((await https(slow)).status).toBe(504);
    expect(seen(await https('/echo', { headers: FORGERY })).headers).toMatchObject({ 'x-real-ip': FORGED });
    expect((await http('/echo')).headers.location).toBe(`https://${API}:8443/echo`);
  });
});

describe('where TLS ends in front of the controller', () => {
  const outer = { 'x-forwarded-proto': 'https' };
  afterEach(() => proxy.stop());

  it('f5-nginx passes what came by https, with HSTS, and redirects what did not', async () => {
    await start(f5Nginx, edgeCases['f5-nginx-external']);
    const answer = await http('/echo', { headers: outer });
    expect(seen(answer).headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-real-ip': '127.0.0.1' });
    expect(answer.all('strict-transport-security')).toEqual(['max-age=31536000; preload']);
    expect((await http('/echo', { headers: { 'x-forwarded-proto': 'http' } })).status).toBe(308);
  });

  it('haproxy passes everything on as https', async () => {
    await start(haproxyIngress, edgeCases['haproxy-external']);
    const answer = await http('/echo', { headers: outer });
    expect(seen(answer).headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-host': API });
    expect(answer.all('strict-transport-security')).toEqual(['max-age=31536000']);
  });
});

import { expect, it } from 'vitest';
import { kubectl } from '../../../cluster/lib/kubectl';
import { serverImage, startPod } from '../../../cluster/lib/pods';
import { reached } from '../../../cluster/lib/reach';
import { eventually, rolledOut } from '../../../cluster/lib/wait';
import { TRAEFIK_ADDRESS, TRAEFIK_NAMESPACE } from './addresses';
import { certificates, type useSite } from './site';
import type { Answer } from './visitor';

const FORGED = '203.0.113.66';
const HSTS = 'strict-transport-security';
/** Longer than the minute or less after which proxies give up by themselves. */
const LONG_MS = 70_000;

/** What docs/how-to/https.md says of an edge, as tests of a site. The last of them renews and restarts what it looks at. */
export function promises(site: ReturnType<typeof useSite>, redirectOfGet: 301 | 308): void {
  const { namespace, visitors, hosts, https, http } = site;
  let long: Promise<Answer>;

  it('comes up from one apply, certificates for both hosts included', async () => {
    await site.deploy();
    const api = await eventually('an answer', () => https('/api/v1/check'), 120);
    expect(api).toMatchObject({ status: 200, certificate: { subjectaltname: `DNS:${hosts.api}` } });
    const dashboard = await eventually('an answer', () => https('/handler/sign-in', {}, 'dashboard'), 120);
    expect(dashboard).toMatchObject({ status: 200, certificate: { subjectaltname: `DNS:${hosts.dashboard}` } });
    long = https(`/slow?ms=${LONG_MS}`);
    // For the last test but one to see.
    long.catch(() => {});
  }, 600_000);

  it('sends http to https, with a code that keeps the method', async () => {
    for (const host of ['api', 'dashboard'] as const) {
      const location = `https://${hosts[host]}/api/v1/users?a=b`;
      const get = await http('/api/v1/users?a=b', {}, host);
      expect(get).toMatchObject({ status: redirectOfGet, headers: { location } });
      const post = await http('/api/v1/users?a=b', { method: 'POST', bytes: 2 }, host);
      expect(post).toMatchObject({ status: 308, headers: { location } });
    }
  });

  it('tells browsers once to stay with https', async () => {
    for (const host of ['api', 'dashboard'] as const) {
      const { rawHeaders } = await https('/health', {}, host);
      expect(rawHeaders.filter(([name]) => name === HSTS)).toEqual([[HSTS, 'max-age=31536000']]);
    }
  });

  it('passes on a body of 16 MB whole', async () => {
    const bytes = 16 * 1024 * 1024;
    const { status, body, sha256 } = await https('/echo', { method: 'POST', bytes });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ method: 'POST', length: bytes, sha256 });
  });

  it('passes on the parts of an answer as they come', async () => {
    const { body, spread } = await https('/stream?parts=5&everyMs=1000');
    expect(body).toBe([1, 2, 3, 4, 5].map((part) => `data: ${part}\n\n`).join(''));
    // Four seconds as it is sent; held back, all would come at once.
    expect(spread).toBeGreaterThan(2000);
  });

  it('names the client by its own address, whatever it says of itself', async () => {
    const headers = {
      'x-real-ip': FORGED,
      'x-forwarded-for': FORGED,
      'x-forwarded-host': 'forged.test',
      'x-forwarded-proto': 'gopher',
      'cf-connecting-ip': FORGED,
    };
    const [{ body }, address] = await Promise.all([https('/echo', { headers }), site.address()]);
    expect(JSON.parse(body)).toMatchObject({
      client: address,
      headers: {
        host: hosts.api,
        'x-real-ip': address,
        'x-forwarded-for': address,
        'x-forwarded-host': hosts.api,
        'x-forwarded-proto': 'https',
        // Which is why HEXCLAVE_TRUSTED_PROXY has to fit what stands in front.
        'cf-connecting-ip': FORGED,
      },
    });
  });

  it('lets the namespace of the controller in and no other, and the server out to its https alone', async () => {
    const name = `neighbour-${namespace}`;
    await startPod(TRAEFIK_NAMESPACE, name, { image: serverImage('c-1'), user: 1000 });
    const targets = [`hexclave-api.${namespace}/8102`, `hexclave-dashboard.${namespace}/8101`];
    await eventually('the way in', async () => {
      expect(await reached({ namespace: TRAEFIK_NAMESPACE, pod: name }, targets)).toEqual(targets);
      return true;
    });
    expect(await reached({ namespace: visitors, pod: 'visitor' }, targets)).toEqual([]);
    const server = { namespace, pod: 'deploy/hexclave-server' };
    const controller = (await podAddress()).trim();
    const way = [`${TRAEFIK_ADDRESS}/443`, `${controller}/8443`, `${controller}/8080`];
    expect(await reached(server, way)).toEqual(way.slice(0, 2));
    await kubectl(['delete', 'pod', name, '-n', TRAEFIK_NAMESPACE, '--wait=false']);
  });

  it('loses no request over https while the server is rolled', async () => {
    const load = await site.load('/api/v1/check');
    await kubectl(['rollout', 'restart', '-n', namespace, 'deployment/hexclave-server']);
    await rolledOut(namespace, 'deployment/hexclave-server', 300);
    const { requests, statuses, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(statuses).toEqual({ 200: requests });
  }, 400_000);

  it('has not cut off an answer that takes more than a minute', async () => {
    expect((await long).status).toBe(200);
  }, 200_000);

  it('shows a renewed certificate without a restart of anything', async () => {
    const shown = async () => (await https('/health')).certificate!.serialNumber;
    const [before, pod] = await Promise.all([shown(), podAddress()]);
    const certificate = (await certificates(namespace)).find(({ spec }) => spec.dnsNames.includes(hosts.api))!;
    // What `cmctl renew` writes.
    const condition = {
      type: 'Issuing',
      status: 'True',
      reason: 'ManuallyTriggered',
      message: 'Certificate re-issuance manually triggered',
      lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
      observedGeneration: certificate.metadata.generation,
    };
    const patch = JSON.stringify([{ op: 'add', path: '/status/conditions/-', value: condition }]);
    const target = ['certificate', certificate.metadata.name, '-n', namespace];
    await kubectl(['patch', ...target, '--subresource=status', '--type=json', '-p', patch]);
    await eventually('another certificate', async () => (await shown()) !== before, 150);
    expect(await podAddress()).toBe(pod);
  }, 300_000);
}

/** Address of Traefik's pod. */
function podAddress(): Promise<string> {
  const selector = ['-n', TRAEFIK_NAMESPACE, '-l', 'app=traefik'];
  return kubectl(['get', 'pods', ...selector, '-o', 'jsonpath={.items[*].status.podIP}']);
}

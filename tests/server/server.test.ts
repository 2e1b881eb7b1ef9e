import { afterAll, beforeAll, describe } from 'vitest';
import { withoutServer } from '../cluster/fixtures/environment';
import { quickstart } from '../cluster/fixtures/evaluation';
import { kubectl } from '../cluster/lib/kubectl';
import { useNamespace } from '../cluster/lib/namespace';
import { startPod } from '../cluster/lib/pods';
import { eventually } from '../cluster/lib/wait';
import type { Subject } from './lib/subject';
import { pods, withImage } from './lib/subject';
import { unpkg } from './lib/unpkg';
import { admin } from './parts/admin';
import { calls } from './parts/calls';
import { install } from './parts/install';
import { load } from './parts/load';
import { mail } from './parts/mail';
import { reach, type Way } from './parts/reach';
import { upgrade } from './parts/upgrade';
import { uses } from './parts/uses';

const image = process.env.HEXCLAVE_IMAGE;
if (!image) throw new Error('HEXCLAVE_IMAGE is not set: run this through npm run test:server');

describe(`the evaluation with ${image}`, () => {
  const namespace = useNamespace('server', { create: false });
  const elsewhere = useNamespace('server-elsewhere');
  const bundler = unpkg(elsewhere);
  const subject: Subject = {
    namespace,
    elsewhere,
    image,
    next: process.env.HEXCLAVE_IMAGE_NEXT || undefined,
    bundler,
    evaluation: quickstart(namespace, {
      yaml: withImage(image),
      // Without the second one 200 e-mails an hour are sent.
      config: ['STACK_SEED_INTERNAL_PROJECT_OTP_ENABLED=true', 'STACK_DEFAULT_EMAIL_CAPACITY_PER_HOUR=100000'],
      extra: bundler?.extra,
    }),
  };

  beforeAll(async () => {
    if (bundler) subject.evaluation.change(await bundler.start());
  });

  describe('is installed and', () => install(subject));
  describe('is used and', () => uses(subject));
  describe('its NetworkPolicies', () => reach(ways(subject)));
  describe('sends e-mail and', () => mail(subject));
  describe('under load', () => load(subject));
  describe('by itself', () => calls(subject));
  describe('with another release', () => upgrade(subject));
  describe('lets its administrator in and', () => admin(subject));

  afterAll(async () => {
    await withoutServer(namespace);
    await subject.evaluation.delete();
    subject.evaluation.remove();
    const isGone = async () =>
      !(await kubectl(['get', 'namespaces', '-o', 'name'])).split('\n').includes(`namespace/${namespace}`);
    await eventually('a cluster without the namespace', isGone, 300);
  }, 400_000);
});

/** Stores are for the pods that use them; API and dashboard are open to the cluster, as environment.yaml says. */
function ways({ namespace, elsewhere, image }: Subject): Way[] {
  const stores = {
    PostgreSQL: 'hexclave-postgres/5432',
    ClickHouse: 'hexclave-clickhouse/8123',
    Mailpit: 'hexclave-mailpit/1025',
    SeaweedFS: 'hexclave-seaweedfs/8333',
    Svix: 'hexclave-svix/8071',
    renderer: 'hexclave-renderer/8080',
  };
  const servers = { API: 'hexclave-api/8102', dashboard: 'hexclave-dashboard/8101' };
  const outside = (names: Record<string, string>) =>
    Object.fromEntries(Object.entries(names).map(([name, at]) => [name, at.replace('/', `.${namespace}.svc/`)]));
  const cluster = { 'the API server of the cluster': 'kubernetes.default.svc/443' };
  return [
    {
      who: 'server of the evaluation',
      from: async () => ({ namespace, pod: (await pods({ namespace }))[0].metadata.name, container: 'server' }),
      reaches: stores,
      not: cluster,
    },
    {
      who: 'PostgreSQL of the evaluation',
      from: async () => ({ namespace, pod: 'hexclave-postgres-0' }),
      reaches: {},
      not: { ...servers, ...cluster },
    },
    {
      who: 'a pod outside of the evaluation',
      from: async () => {
        await startPod(elsewhere, 'stands-there', { image, command: ['sleep', '3600'], user: 1000 });
        return { namespace: elsewhere, pod: 'stands-there' };
      },
      reaches: outside(servers),
      not: outside(stores),
    },
  ];
}

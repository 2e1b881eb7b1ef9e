import { afterAll, beforeAll, describe } from 'vitest';
import { quickstart } from '../cluster/fixtures/evaluation';
import { kubectl } from '../cluster/lib/kubectl';
import { useNamespace } from '../cluster/lib/namespace';
import { eventually } from '../cluster/lib/wait';
import type { Subject } from './lib/subject';
import { withImage } from './lib/subject';
import { unpkg } from './lib/unpkg';
import { admin } from './parts/admin';
import { calls } from './parts/calls';
import { install } from './parts/install';
import { load } from './parts/load';
import { mail } from './parts/mail';
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
  describe('sends e-mail and', () => mail(subject));
  describe('under load', () => load(subject));
  describe('by itself', () => calls(subject));
  describe('with another release', () => upgrade(subject));
  describe('lets its administrator in and', () => admin(subject));

  afterAll(async () => {
    await subject.evaluation.delete();
    subject.evaluation.remove();
    // Its controller looks again only after half of the longest grace period of its pods.
    const isGone = async () =>
      !(await kubectl(['get', 'namespaces', '-o', 'name'])).split('\n').includes(`namespace/${namespace}`);
    await eventually('a cluster without the namespace', isGone, 300);
  }, 400_000);
});

import { afterAll, describe } from 'vitest';
import { quickstart } from '../cluster/fixtures/evaluation';
import { kubectl } from '../cluster/lib/kubectl';
import { useNamespace } from '../cluster/lib/namespace';
import { eventually } from '../cluster/lib/wait';
import type { Subject } from './lib/subject';
import { withImage } from './lib/subject';
import { calls } from './parts/calls';
import { install } from './parts/install';
import { load } from './parts/load';
import { upgrade } from './parts/upgrade';
import { uses } from './parts/uses';

const image = process.env.HEXCLAVE_IMAGE;
if (!image) throw new Error('HEXCLAVE_IMAGE is not set: run this through npm run test:server');

describe(`the evaluation with ${image}`, () => {
  const namespace = useNamespace('server', { create: false });
  const elsewhere = useNamespace('server-elsewhere');
  const subject: Subject = {
    namespace,
    elsewhere,
    image,
    next: process.env.HEXCLAVE_IMAGE_NEXT || undefined,
    evaluation: quickstart(namespace, { yaml: withImage(image), config: [] }),
  };

  describe('is installed and', () => install(subject));
  describe('is used and', () => uses(subject));
  describe('under load', () => load(subject));
  describe('by itself', () => calls(subject));
  describe('with another release', () => upgrade(subject));

  afterAll(async () => {
    await subject.evaluation.delete();
    subject.evaluation.remove();
    // Its controller looks again only after half of the longest grace period of its pods.
    const isGone = async () =>
      !(await kubectl(['get', 'namespaces', '-o', 'name'])).split('\n').includes(`namespace/${namespace}`);
    await eventually('a cluster without the namespace', isGone, 300);
  }, 400_000);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { amount } from '../../config/quantity';
import { synthesize } from '../support/cases';
import { type KubeObject, objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const templates = templatesOf(objectsOf(synthesize(snapshotCases.evaluation!)));

/** What the scheduler sets aside for a pod: its containers together, or its largest init container when that is more. */
function request(spec: KubeObject, resource: 'cpu' | 'memory'): number {
  const of = (container: KubeObject) => amount(container.resources.requests[resource]);
  const together = spec.containers.reduce((sum: number, container: KubeObject) => sum + of(container), 0);
  return Math.max(together, ...(spec.initContainers ?? []).map(of));
}

const sum = (resource: 'cpu' | 'memory') =>
  templates.reduce(
    (total, { owner, template }) => total + (owner.spec.replicas ?? 1) * request(template.spec, resource),
    0,
  );

test('an evaluation asks a laptop for at most 2 CPUs and 4 GiB, with every Job and CronJob running at once', () => {
  expect(sum('cpu')).toBeLessThanOrEqual(2);
  expect(sum('memory')).toBeLessThanOrEqual(4 * 2 ** 30);
});

test('the README states what an evaluation asks for', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replaceAll('\n', ' ');
  const cpu = (Math.ceil(sum('cpu') * 10) / 10).toFixed(1);
  const memory = (Math.ceil((sum('memory') / 2 ** 30) * 10) / 10).toFixed(1);
  expect(readme).toContain(`${cpu} CPUs and ${memory} GiB`);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthesize } from '../support/cases';
import { containersOf, objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

test('the cluster tests have every image of the evaluation under the name that it asks for', () => {
  const spec = JSON.parse(readFileSync(new URL('../cluster/images/images.json', import.meta.url), 'utf8'));
  const objects = objectsOf(synthesize(snapshotCases.evaluation!));
  const asked = templatesOf(objects).flatMap(({ template }) => containersOf(template).map(({ image }) => image));
  expect(new Set(asked).size).toBe(8);
  for (const image of asked) expect(Object.keys(spec.images)).toContain(image);
});

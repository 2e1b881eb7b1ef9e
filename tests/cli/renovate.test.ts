import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { environmentYaml, parseImage } from '../../cli/init/files';
import { root } from '../support/cli';

/** What docs/how-to/upgrade.md tells people to write into renovate.json. */
const page = readFileSync(join(root, 'docs/how-to/upgrade.md'), 'utf8');
const [manager] = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!).customManagers;
const digest = `sha256:${'ab'.repeat(32)}`;

it.each([
  ['stackauth/server:53c1c9e', { currentValue: '53c1c9e' }],
  [`stackauth/server:53c1c9e@${digest}`, { currentValue: '53c1c9e', currentDigest: digest }],
  ['mirror.acme.test/hub/server:1.2.3', { depName: 'mirror.acme.test/hub/server', currentValue: '1.2.3' }],
])('the documented manager finds the image %s where init has written it', (reference, expected) => {
  const text = environmentYaml('production', parseImage(reference)!, undefined, 'schema.json');
  const found = [...text.matchAll(new RegExp(manager.matchStrings[0], 'g'))];
  expect(found).toHaveLength(1);
  expect({ ...found[0]!.groups }).toMatchObject(expected);
});

it('the documented manager looks at every environment and at nothing else', () => {
  const pattern = new RegExp(manager.managerFilePatterns[0].slice(1, -1));
  expect(pattern.test('environments/production/environment.yaml')).toBe(true);
  expect(pattern.test('environments/production/config.env')).toBe(false);
  expect(pattern.test('docs/environments/production/environment.yaml')).toBe(false);
});

it('the documented manager reads the committed environment', () => {
  const text = readFileSync(join(root, 'environments/production/environment.yaml'), 'utf8');
  const [found] = [...text.matchAll(new RegExp(manager.matchStrings[0], 'g'))];
  expect(found!.groups!.currentValue).toBe(/^ +tag: (\S+)/m.exec(text)![1]);
});

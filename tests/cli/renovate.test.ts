import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentYaml, parseImage } from '../../cli/init/files';
import { root } from '../support/cli';
import { snapshotCases } from '../support/snapshot-cases';

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

it.each(Object.entries(snapshotCases))(
  'the documented manager reads tag and digest of the environment %s as the command does',
  (_, { yaml }) => {
    const { image } = parse(yaml);
    const found = [...yaml.matchAll(new RegExp(manager.matchStrings[0], 'g'))];
    expect(found.map(({ groups }) => groups)).toMatchObject([
      { currentValue: String(image.tag), currentDigest: image.digest, depName: image.repository },
    ]);
  },
);

it.each([
  `image:\n  tag: 53c1c9e # never moves\n  digest: ${digest}\n`,
  `image:\n  # of April\n  tag: '53c1c9e'\n  # what ran in staging\n  digest: '${digest}'\n`,
  `image: { tag: "53c1c9e", digest: "${digest}" }\n`,
  `image:\n  {\n    tag: 53c1c9e,\n    digest: ${digest},\n  }\n`,
])('the documented manager finds tag and digest however they are written: %j', (yaml) => {
  const found = [...yaml.matchAll(new RegExp(manager.matchStrings[0], 'g'))];
  expect(found.map(({ groups }) => groups)).toMatchObject([{ currentValue: '53c1c9e', currentDigest: digest }]);
});

it('the documented manager uses nothing that RE2, by which Renovate matches, does not have', () => {
  for (const pattern of [manager.matchStrings[0], manager.managerFilePatterns[0]]) {
    expect(pattern).not.toMatch(/\(\?<?[=!]|\\[1-9]|\\k<|\(\?>|[*+?}]\+/);
  }
});

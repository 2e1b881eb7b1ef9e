import { describe, expect, test } from 'vitest';
import { edgePresets } from '../../config/edge-presets';
import { judge } from '../../config/rules';
import { parseSettings } from '../../config/yaml-file';
import { draft } from '../support/draft';

/** Spellings that YAML takes for a number, a boolean or nothing. */
const TURNED = [
  '5310192',
  '0755',
  '53e4',
  '1.10',
  '0x10',
  '0o17',
  '10.5',
  '.5',
  '+1',
  '-0',
  'true',
  'FALSE',
  '.inf',
  '.NaN',
];
/** Fields that want a text, each with a place for it. */
const FIELDS: Readonly<Record<string, (value: string) => string>> = {
  'image.tag': (value) => `image: { tag: ${value} }`,
  'namespace.name': (value) => `image: { tag: a }\nnamespace: { name: ${value} }`,
  'labels.team': (value) => `image: { tag: a }\nlabels:\n  team: ${value}`,
  'annotations.team': (value) => `image: { tag: a }\nannotations: { team: ${value} }`,
  'nodeSelector.zone': (value) => `image: { tag: a }\nnodeSelector: { zone: ${value} }`,
  priorityClassName: (value) => `image: { tag: a }\npriorityClassName: ${value}`,
  'imagePullSecrets.0': (value) => `image: { tag: a }\nimagePullSecrets: [${value}]`,
};
const findings = (text: string) => parseSettings(text, 'environment.yaml').findings;

describe.each(Object.entries(FIELDS))('%s', (field, text) => {
  test.each(TURNED)('with %s is told the quoted spelling', (value) => {
    expect(findings(text(value))[0]).toMatchObject({ field, fix: `Write it in quotes: "${value}"` });
  });

  test.each(TURNED.filter((value) => field !== 'namespace.name' || /^[a-z0-9]+$/.test(value)))(
    'takes no exception at "%s" in quotes for being a number',
    (value) => {
      for (const finding of findings(text(`"${value}"`))) expect(finding.message).not.toContain('Without quotes');
    },
  );

  test.each(['12:30', '2024-01-01', 'yes', 'off'])(
    'with %s, which is a text in this YAML, is told so in an older one',
    (value) => {
      for (const finding of findings(text(value))) expect(finding.message).not.toContain('Without quotes');
      expect(findings(`%YAML 1.1\n---\n${text(value)}`)[0]?.fix).toBe(`Write it in quotes: "${value}"`);
    },
  );

  test('without a value is told that there is none', () => {
    expect(findings(text('~'))).toMatchObject([{ field, message: 'There is no value here, and a text is needed.' }]);
  });
});

test('the value of a variable is not repeated', () => {
  const found = findings('image: { tag: a }\nenv: { CRON_SECRET: 5310192 }');
  expect(found).toMatchObject([{ field: 'env.CRON_SECRET', fix: 'Put it in quotes.' }]);
  expect(JSON.stringify(found)).not.toContain('5310192');
});

test.each(['1.10', '0x10', '5e3', '010', '~'])('the key %s is told the quoted spelling', (key) => {
  const fixes = findings(`image: { tag: a }\nlabels: { ${key}: a }`).map(({ fix }) => fix);
  expect(fixes).toContain(`Write it in quotes: "${key}"`);
});

test('a controller in the middle of a sentence has a small article', () => {
  for (const preset of Object.keys(edgePresets)) {
    for (const type of ['ingress', 'gateway']) {
      const settings = { edge: { preset, type, tls: { external: true } } };
      for (const { message, fix } of judge(draft({ settings }))) {
        expect(`${message} ${fix}`).not.toMatch(/[a-z,;:] (A|An|The) [A-Za-z]/);
      }
    }
  }
});

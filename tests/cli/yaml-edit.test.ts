import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withYamlValue } from '../../cli/yaml-edit';

const texts = {
  block: '# Why.\nimage:\n  repository: a/b # ours\n  tag: "1"   # since Monday\n\n# More.\nreplicas: 3\n',
  'block at the end, without a line break': 'replicas: 3\nimage:\n  tag: "1"',
  flow: 'image: { tag: "1" } # one line\nreplicas: {min: 1,max: 2}\n',
  'nested at the end': 'replicas: 3\nimages:\n  # Of the CronJobs.\n  curl: x\n# The end.\n',
  'comments only': '# Nothing yet.\n',
  empty: '',
};

describe('a value written into YAML', () => {
  it.each(Object.entries(texts))('is read back and leaves every other byte: %s', (_, text) => {
    const keys = fc.constantFrom('image', 'images', 'edge');
    const path = fc.tuple(keys, fc.constantFrom('digest', 'tag', 'curl'));
    fc.assert(
      fc.property(path, ([first, second]) => {
        const after = withYamlValue(text, [first, second], 'docker.io/a:1@sha256:5');
        const wanted = parse(text) ?? {};
        wanted[first] = { ...wanted[first], [second]: 'docker.io/a:1@sha256:5' };
        expect(parse(after)).toEqual(wanted);
        for (const line of text.split('\n').filter((part) => part.includes('#'))) {
          expect(after).toContain(line.slice(line.indexOf('#')));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('goes behind its siblings, in their style', () => {
    expect(withYamlValue(texts.block, ['image', 'digest'], 'x')).toBe(
      '# Why.\nimage:\n  repository: a/b # ours\n  tag: "1"   # since Monday\n  digest: x\n\n# More.\nreplicas: 3\n',
    );
    expect(withYamlValue(texts.flow, ['image', 'digest'], 'x')).toBe(
      'image: { tag: "1", digest: x } # one line\nreplicas: {min: 1,max: 2}\n',
    );
    expect(withYamlValue(texts['nested at the end'], ['images', 'curl'], 'y')).toBe(
      'replicas: 3\nimages:\n  # Of the CronJobs.\n  curl: y\n# The end.\n',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../config/yaml-file';

const revision = (written: string) => {
  const { settings, findings } = parseSettings(
    `image: { tag: a }\nsecrets: { mode: existing, name: given, revision: ${written} }\n`,
    'environment.yaml',
  );
  return { revision: settings?.secrets.revision, findings };
};

describe('secrets.revision', () => {
  test.each([
    ['7', '7'],
    ['"1.10"', '1.10'],
    ['abc', 'abc'],
    ['2026-11-25', '2026-11-25'],
  ])('is kept as it is written: %s', (written, kept) => {
    expect(revision(written)).toEqual({ revision: kept, findings: [] });
  });

  test.each(['1.10', '1.1', '{ a: 1 }', '[1, 2]', 'null', 'true', '', '12345678901234567890'])(
    'that two revisions could be read as is refused, and quotes mend it: %s',
    (written) => {
      const { findings } = revision(written);
      expect(findings).toMatchObject([
        { severity: 'error', line: 2, field: 'secrets.revision', message: expect.stringContaining('in quotes') },
      ]);
    },
  );
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { guideConfig, guideSecrets, synthesize } from '../support/cases';
import { snapshotCases } from '../support/snapshot-cases';

const kubectl = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'hexclave-values-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `kubectl` makes of files: it needs no cluster for this, and it is the reader that counts. */
async function read(files: ReadonlyMap<string, string>) {
  const input = mkdtempSync(join(folder, 'files-'));
  for (const [name, text] of files) writeFileSync(join(input, name), text);
  const { stdout } = await kubectl('kubectl', ['annotate', '--local', '-o', 'json', '-f', input, 'x=y'], {
    maxBuffer: 64 * 2 ** 20,
  });
  return stdout
    .split(/^(?=\{)/m)
    .filter((part) => part.trim() !== '')
    .map((part) => JSON.parse(part));
}

describe('a value that an env file can hold', () => {
  // Everything but what ends a line or a string in C. Leading and trailing blanks, quotes and hashes are part of it.
  const value = fc
    .oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
      { weight: 2, arbitrary: fc.stringMatching(/^[-+.0-9eExob_:~<=!&*?|>@`'"#%{}[\],$() \t]{1,20}$/) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'yes',
          'no',
          'on',
          'y',
          'null',
          '~',
          '0o17',
          '1E_36',
          '0b-01',
          '012',
          '.inf',
          '<<',
          '=',
        ),
      },
    )
    .map((text) => text.replace(/[\n\r\0]/g, ''));

  it('is the same to kubectl, in the ConfigMap and in the Secret', { tags: 'needs-kubectl' }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 400, maxLength: 400 }), async (values) => {
        const extra = Object.fromEntries(values.map((text, index) => [`ACME_VALUE_${index}`, text]));
        const files = synthesize({
          ...snapshotCases.guide!,
          config: { ...guideConfig, ...extra },
          secrets: {
            ...guideSecrets,
            ...Object.fromEntries(values.map((text, index) => [`ACME_TOKEN_${index}`, text])),
          },
        });
        const both = ['10-configuration.k8s.yaml', '11-secret.k8s.yaml'].map(
          (name) => [name, files.get(name)!] as const,
        );
        const [config, secret] = await read(new Map(both));
        for (const [index, text] of values.entries()) {
          expect(config.data[`ACME_VALUE_${index}`]).toBe(text);
          expect(Buffer.from(secret.data[`ACME_TOKEN_${index}`], 'base64').toString()).toBe(text);
        }
      }),
      { numRuns: 3 },
    );
  });
});

describe('every manifest', () => {
  it.each(Object.entries(snapshotCases))(
    'of the case %s is read by kubectl',
    { tags: 'needs-kubectl' },
    async (_, files) => {
      const texts = synthesize(files);
      const kinds = [...texts.values()].flatMap((text) => [...text.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind));
      expect((await read(texts)).map(({ kind }) => kind)).toEqual(kinds);
    },
  );
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { emit } from '../../charts/emit';
import { synthesize } from '../support/cases';
import { edgeCases, edgeFiles } from '../support/edge-cases';

const folder = new URL('../../__snapshots__/edge/', import.meta.url).pathname;

/** The documents that one environment has and the other has not, in the order of their files. */
function added(files: ReadonlyMap<string, string>, base: ReadonlyMap<string, string>): unknown[] {
  const known = new Set([...base.values()].flatMap((text) => text.split(/^---$/m).map((part) => part.trim())));
  return [...files.values()].flatMap((text) =>
    text
      .split(/^---$/m)
      .filter((part) => !known.has(part.trim()))
      .flatMap((part) => parseAllDocuments(part).map((document) => document.toJS()))
      // Its only difference is KEEP_ALIVE_TIMEOUT and the user, which have tests of their own.
      .filter(({ kind }) => !['Deployment', 'Job', 'CronJob'].includes(kind)),
  );
}

describe('what an edge adds to the manifests', () => {
  const base = synthesize(edgeFiles('edge: { type: none }'));

  it.each(Object.entries(edgeCases))('in the case %s is what was reviewed', async (name, files) => {
    const documents = added(synthesize(files), base);
    expect(documents.length).toBeGreaterThan(1);
    await expect(emit(documents)).toMatchFileSnapshot(join(folder, `${name}.yaml`));
  });

  it('has no snapshot of a case that is gone', () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(edgeCases)
        .map((name) => `${name}.yaml`)
        .sort(),
    );
  });
});

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, manifests } from '../../charts/hexclave';
import { loadEnvironment } from '../../config/load';
import { environmentOf } from '../support/cases';
import { snapshotCases } from '../support/snapshot-cases';

const root = new URL('../../', import.meta.url).pathname;
const snapshots = join(root, '__snapshots__');

describe('the manifests', () => {
  it.each(Object.entries(snapshotCases))('of the case %s are the reviewed ones', async (name, files) => {
    const { files: texts, findings } = build(environmentOf(files));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const [file, text] of texts) await expect(readable(text)).toMatchFileSnapshot(join(snapshots, name, file));
    expect(readdirSync(join(snapshots, name)).sort(), 'files that are no longer emitted').toEqual(
      [...texts.keys()].sort(),
    );
  });

  it('have no snapshot of a case that is gone', () => {
    // edge/ has tests of its own.
    expect(readdirSync(snapshots).sort()).toEqual([...Object.keys(snapshotCases), 'edge'].sort());
  });

  it('in dist/ are what the committed environments give', () => {
    const { environment, findings } = loadEnvironment(join(root, 'environments/production'));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const folder = join(root, 'dist/production');
    const committed = existsSync(folder) ? readdirSync(folder).sort() : [];
    const texts = manifests(environment!);
    expect(committed, 'run npm run synth').toEqual([...texts.keys()].sort());
    for (const [file, text] of texts) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(text);
  });
});

/** The renderer's program is compressed: what there is to review is that it is another one. */
function readable(text: string): string {
  return text.replace(/"[A-Za-z0-9+/=]{1000,}"/g, (base64) => {
    const content = Buffer.from(base64, 'base64');
    return `"${content.length} bytes, sha256 ${createHash('sha256').update(content).digest('hex')}"`;
  });
}

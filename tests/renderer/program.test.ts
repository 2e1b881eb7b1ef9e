import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildRenderer } from '../../container/renderer/build.mjs';
import { synthesize } from '../support/cases';
import { objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';
import { archive } from './lib';

const maps = objectsOf(synthesize(snapshotCases.evaluation!))
  .map(({ object }) => object)
  .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('hexclave-renderer-program-'));

describe('the renderer’s program', () => {
  it('is the same to the byte when it is built again, and is what the sources give now', async () => {
    const built = Buffer.from(await buildRenderer());
    expect(createHash('sha256').update(built).digest('hex'), 'run npm run build').toBe(
      createHash('sha256').update(archive()).digest('hex'),
    );
  });

  it('fits into what a client-side apply keeps of an object: 262,144 bytes of annotations', () => {
    expect(maps.length).toBeGreaterThan(1);
    for (const object of maps) expect(JSON.stringify(object).length).toBeLessThan(262_144 - 4096);
  });

  it('is put together from the ConfigMaps by what the first one says about it', () => {
    const { count, sha256 } = JSON.parse(maps[0]!.data['program.json']);
    expect(count).toBe(maps.length);
    const whole = Buffer.concat(
      maps.map(({ binaryData }, index) => Buffer.from(binaryData[`part-${index}`], 'base64')),
    );
    expect(createHash('sha256').update(whole).digest('hex')).toBe(sha256);
    expect(Object.keys(JSON.parse(gunzipSync(whole).toString('utf8')))).toContain('server.cjs');
  });

  it('names the versions that are in it, and its packages are installed at these', () => {
    const sets = JSON.parse(JSON.parse(gunzipSync(archive()).toString('utf8'))['packages.json']);
    expect(sets[0].versions).toEqual({
      '@react-email/components': '1.0.6',
      arktype: '2.1.20',
      react: '19.1.1',
      'react-dom': '19.1.1',
    });
    for (const [name, version] of Object.entries(sets[0].versions)) {
      const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      expect(JSON.parse(readFileSync(file, 'utf8')).version, name).toBe(version);
    }
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifests } from '../../charts/hexclave';
import { copyScript } from '../../cli/images/copy';
import { listImages } from '../../cli/images/listed';
import { environmentOf } from '../support/cases';
import { command, scratchWith } from '../support/cli';
import { snapshotCases } from '../support/snapshot-cases';

const environments = Object.entries(snapshotCases).map(([name, files]) => [name, environmentOf(files)] as const);
const digest = `sha256:${'5'.repeat(64)}`;

describe('the list of images', () => {
  it.each(environments)('of the case %s has every image that its manifests name, and no other', (_, environment) => {
    const written = [...manifests(environment).values()].flatMap((text) =>
      [...text.matchAll(/^\s*(?:- )?image(?:Name)?: (\S+)$/gm)].map(([, image]) => image!.replaceAll('"', '')),
    );
    const listed = listImages([environment]);
    expect(listed.map(({ image }) => image)).toEqual([...new Set(written)].sort());
    expect(listed.flatMap(({ used }) => used)).toHaveLength(written.length);
  });

  it.each(environments)('of the case %s names where each image comes from without its mirror', (_, environment) => {
    const direct = { ...environment, settings: { ...environment.settings, registry: undefined } };
    const mirrored = { ...environment, settings: { ...environment.settings, registry: 'mirror.acme.test/hub' } };
    const origins = listImages([direct]).map(({ image }) => image);
    const listed = listImages([mirrored]);
    expect(listed.map(({ origin }) => origin).sort()).toEqual(origins);
    // Those of the user's own objects are the user's to write.
    const own = JSON.stringify(environment.extra);
    for (const { image } of listed.filter((item) => !own.includes(item.image))) {
      expect(image).toMatch(/^mirror\.acme\.test\/hub\//);
    }
  });

  it('names an image of several environments once, with all that run it', () => {
    const two = ['staging', 'production'].map((name) => environmentOf({ ...snapshotCases.guide!, name }));
    for (const { used } of listImages(two)) {
      expect(new Set(used.map(({ environment }) => environment))).toEqual(new Set(['staging', 'production']));
    }
  });
});

describe('images', () => {
  it('prints one image a line and nothing else', () => {
    const run = command(scratchWith('production'), ['images', 'production']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^(\S+\n){2}$/);
    expect(run.stdout).toMatch(/^docker\.io\/stackauth\/server:\S+$/m);
  });

  it('says as JSON which containers run an image, and what pins it', () => {
    const folder = scratchWith('production');
    write(folder, `image: { tag: 53c1c9e, digest: ${digest} }\nregistry: mirror.acme.test/hub\n`);
    const { images } = JSON.parse(command(folder, ['images', '--format', 'json']).stdout);
    const reference = `stackauth/server:53c1c9e@${digest}`;
    expect(images).toContainEqual({
      image: `mirror.acme.test/hub/${reference}`,
      origin: `docker.io/${reference}`,
      digest,
      used: expect.arrayContaining([
        { environment: 'production', object: 'Deployment/hexclave-server', container: 'release-gate' },
        { environment: 'production', object: 'Deployment/hexclave-server', container: 'server' },
      ]),
    });
    expect(images.find(({ image }: { image: string }) => image.includes('curl')).digest).toBeNull();
  });

  it('asks nobody for the images of an environment with errors', () => {
    const folder = scratchWith('production');
    write(folder, 'image: { tag: latest }\n');
    const run = command(folder, ['images', 'production', '--check']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('[image-moving-tag]');
    expect(run.stderr).toContain('The images are not known: ');
  });

  it('says which program asks the registries when there is none', () => {
    const folder = scratchWith('production');
    mkdirSync(join(folder, 'empty'));
    for (const args of [
      ['images', 'production', '--check'],
      ['pin', 'production'],
    ]) {
      const run = command(folder, args, { env: { PATH: join(folder, 'empty') } });
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/Asking a registry needs one of crane, skopeo, and none is installed/);
    }
  });

  it.each(['https://mirror.acme.test', 'mirror.acme.test/', "mirror'; rm -rf /; '", 'Mirror', ''])(
    'refuses a registry that is none: %j',
    (registry) => {
      const run = command(scratchWith('production'), ['images', '--copy-to', registry]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain('is no registry');
    },
  );
});

describe('the script that copies images', () => {
  const listed = listImages(environments.map(([, environment]) => environment));

  it.each(['crane', 'skopeo', 'docker'] as const)(
    'of %s copies each image once, to where the manifests look',
    (program) => {
      const script = copyScript(listed, 'mirror.acme.test/hub', program);
      const lines = script.split('\n').filter((line) => line.startsWith(program));
      expect(lines).toHaveLength(new Set(listed.map(({ origin }) => origin)).size);
      for (const [, environment] of environments) {
        const mirrored = { ...environment, settings: { ...environment.settings, registry: 'mirror.acme.test/hub' } };
        for (const { image } of listImages([mirrored])) {
          expect(script, image).toMatch(new RegExp(`[/']${image.split('@')[0]!.replaceAll('.', '\\.')}'`));
        }
      }
    },
  );

  it('gives skopeo a digest or a tag, for it refuses both', () => {
    for (const line of copyScript(listed, 'mirror.acme.test', 'skopeo')
      .split('\n')
      .filter((text) => text.includes('@'))) {
      expect(line).toMatch(/^skopeo copy --all 'docker:\/\/[^:']*(:\d+\/[^:']*)?@sha256:\w{64}' 'docker:\/\/[^@']+'$/);
    }
  });
});

/** The environment.yaml of `production` with these lines in place of its image. */
function write(folder: string, image: string): void {
  const file = join(folder, 'environments/production/environment.yaml');
  const text = readFileSync(file, 'utf8').replace(/^image:.*\n(?: .*\n)*/m, image);
  writeFileSync(file, text);
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';
import { start } from '../support/process';
import { tool, toolFolder } from '../support/tools';

const env = { PATH: `${toolFolder}:${process.env.PATH}` };

describe('with a registry', { tags: 'needs-crane' }, () => {
  it('check finds what is there for the platform, and names what is not', async () => {
    const { folder, host } = await project();
    const run = command(folder, ['images', 'production', '--check', '--format', 'json'], { env });
    expect(run.code).toBe(1);
    const found = JSON.parse(run.stdout).images.map(({ image, found }: { image: string; found: boolean }) => [
      image,
      found,
    ]);
    expect(found).toEqual([
      [`${host}/origin/curl:8.16.0`, false],
      [`${host}/origin/server:53c1c9e`, true],
    ]);
    tool('crane', ['copy', `${host}/origin/server:53c1c9e`, `${host}/origin/curl:8.16.0`]);
    const again = command(folder, ['images', '--check'], { env });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('Complete: 2 images are there for linux/amd64\n');
    const other = command(folder, ['images', '--check', '--platform', 'linux/s390x'], { env });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('2 of 2 images are not to be had for linux/s390x\n');
  });

  it('pin writes the digests of today, keeps comments, and pins nothing when one image is missing', async () => {
    const { folder, host } = await project();
    const file = join(folder, 'environments/production/environment.yaml');
    const before = readFileSync(file, 'utf8');
    expect(command(folder, ['pin', 'production'], { env })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/curl:8\.16\.0 was not found, so nothing was pinned: /),
    });
    expect(readFileSync(file, 'utf8')).toBe(before);

    tool('crane', ['copy', `${host}/origin/server:53c1c9e`, `${host}/origin/curl:8.16.0`]);
    const digest = tool('crane', ['digest', `${host}/origin/server:53c1c9e`]).trim();
    expect(command(folder, ['pin', 'production'], { env })).toMatchObject({
      code: 0,
      stdout: `images.curl: ${host}/origin/curl:8.16.0@${digest}\nimage.digest: ${digest}\n`,
    });
    const after = readFileSync(file, 'utf8');
    expect(after.split('\n').filter((line) => !before.split('\n').includes(line))).toEqual([
      `  digest: ${digest}`,
      `  curl: ${host}/origin/curl:8.16.0@${digest}`,
    ]);
    expect(command(folder, ['check', 'production']).stdout).not.toContain('image-unpinned');
    expect(command(folder, ['pin', 'production'], { env }).stdout).toBe('Every image is pinned already\n');
  });

  it('the script copies to where the manifests look for it, digest and all platforms', async () => {
    const { folder, host } = await project();
    tool('crane', ['copy', `${host}/origin/server:53c1c9e`, `${host}/origin/curl:8.16.0`]);
    command(folder, ['pin', 'production'], { env });
    const script = command(folder, ['images', '--copy-to', `${host}/mirror`]).stdout;
    writeFileSync(join(folder, 'copy.sh'), script);
    const run = start('sh', [join(folder, 'copy.sh')], { env });
    expect((await run.ended).code, run.output()).toBe(0);
    const file = join(folder, 'environments/production/environment.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nregistry: ${host}/mirror\n`);
    const check = command(folder, ['images', '--check', '--platform', 'linux/arm64'], { env });
    expect(check).toMatchObject({ code: 0, stderr: expect.stringContaining('Complete') });
    expect(check.stdout).toMatch(new RegExp(`^${host}/mirror/origin/server:53c1c9e@sha256:`, 'm'));
  });
});

/** An environment whose images are said to be in a registry of the test's own, which has that of the server. */
async function project(): Promise<{ folder: string; host: string }> {
  const folder = scratchWith('production');
  const registry = start(join(toolFolder, 'crane'), ['registry', 'serve', '--address', '127.0.0.1:0']);
  await registry.said('serving on port ');
  const host = `127.0.0.1:${/serving on port (\d+)/.exec(registry.output())![1]}`;
  mkdirSync(join(folder, 'layer'));
  const layer = join(folder, 'layer.tar');
  execFileSync('tar', ['-cf', layer, '-C', folder, 'layer']);
  const server = `${host}/origin/server`;
  for (const platform of ['linux/amd64', 'linux/arm64']) {
    const tag = `${server}:${platform.split('/')[1]}`;
    tool('crane', ['append', '--oci-empty-base', '--new_layer', layer, '--new_tag', tag]);
    tool('crane', ['mutate', '--set-platform', platform, '--tag', tag, tag]);
  }
  const parts = ['amd64', 'arm64'].flatMap((arch) => ['--manifest', `${server}:${arch}`]);
  tool('crane', ['index', 'append', ...parts, '--tag', `${server}:53c1c9e`]);

  const file = join(folder, 'environments/production/environment.yaml');
  const text = readFileSync(file, 'utf8').replace(
    /^image:.*\n(?: .*\n)*/m,
    `# Which image runs, and why.\nimage:\n  repository: ${server} # ours\n  tag: 53c1c9e   # since Monday\nimages:\n  # Of the CronJobs.\n  curl: ${host}/origin/curl:8.16.0\n`,
  );
  writeFileSync(file, text);
  return { folder, host };
}

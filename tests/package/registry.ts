import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bundledDependencies?: unknown;
  readonly bundleDependencies?: unknown;
}

interface Package {
  readonly manifest: Manifest;
  archive(): Buffer;
}

/**
 * A registry of the packages that are installed in these folders, and of one archive. Package managers cannot tell it from
 * the public one, which the tests must not talk to.
 */
export async function serveRegistry(
  archive: string,
  installed: readonly string[],
): Promise<{ address: string; close(): Promise<void> }> {
  // The same version may be installed at several places, and an archive of each has bytes of its own.
  const packages = new Map<string, Package>();
  for (const item of [published(archive), ...installed.flatMap(packagesIn)]) {
    if (!packages.has(idOf(item.manifest))) packages.set(idOf(item.manifest), item);
  }
  const server = createServer(({ url, headers }, response) => {
    const base = `http://${headers.host}`;
    const path = decodeURIComponent(url!.slice(1));
    const [, wanted] = /^-\/archive\/(.+)\.tgz$/.exec(path) ?? [];
    const answer = wanted ? packages.get(wanted)?.archive() : described(path, base);
    response.writeHead(answer ? 200 : 404, {
      'content-type': wanted ? 'application/octet-stream' : 'application/json',
    });
    response.end(answer ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  /** What a registry says of a package. */
  function described(name: string, base: string): string | undefined {
    const all = [...packages.values()].filter(({ manifest }) => manifest.name === name);
    if (all.length === 0) return undefined;
    const versions = all.map(({ manifest, archive: bytes }) => [
      manifest.version,
      {
        ...manifest,
        dist: {
          tarball: `${base}/-/archive/${idOf(manifest)}.tgz`,
          integrity: `sha512-${createHash('sha512').update(bytes()).digest('base64')}`,
          shasum: createHash('sha1').update(bytes()).digest('hex'),
        },
      },
    ]);
    return JSON.stringify({ name, 'dist-tags': { latest: versions[0]![0] }, versions: Object.fromEntries(versions) });
  }
}

function idOf({ name, version }: Manifest): string {
  return `${name.replace('/', '+')}@${version}`;
}

function published(archive: string): Package {
  const manifest = execFileSync('tar', ['-xzOf', archive, 'package/package.json'], { encoding: 'utf8' });
  return { manifest: JSON.parse(manifest), archive: () => readFileSync(archive) };
}

/** Every package below a node_modules, those of one's own project left out, which are links. */
function packagesIn(folder: string): Package[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    if (entry.name.startsWith('@')) return packagesIn(path);
    if (!existsSync(join(path, 'package.json'))) return [];
    return [installed(path), ...packagesIn(join(path, 'node_modules'))];
  });
}

function installed(folder: string): Package {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const bundles = manifest.bundledDependencies ?? manifest.bundleDependencies;
  let bytes: Buffer | undefined;
  return {
    manifest,
    archive: () => {
      const leaveOut = bundles ? [] : ['--exclude=./node_modules'];
      const args = ['-c', '--transform=s,^\\.,package,', ...leaveOut, '-C', folder, '.'];
      bytes ??= execFileSync('tar', ['-I', 'gzip -1', ...args], { maxBuffer: 2 ** 29 });
      return bytes;
    },
  };
}

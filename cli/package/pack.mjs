// npm run package: makes the package in build-package/, as a folder and as the archive that is published, and the list of what
// is in it. Two clones give the same bytes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRenderer } from '../../container/renderer/build.mjs';
import { bundleCommand } from '../bundle.mjs';
import { bundleLibrary } from './library.mjs';
import { manifest } from './manifest.mjs';
import { notices, packagesOf } from './notices.mjs';
import { sbom } from './sbom.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What is taken as it is: files that are read at run time, and what people read. */
const COPIED = [
  'CHANGELOG.md',
  'LICENSE',
  'config/environment.schema.json',
  'container',
  'docs',
  'environments/evaluation/config.env',
  'environments/evaluation/environment.yaml',
  'examples',
];

await pack(resolve(process.argv[2] ?? join(root, 'build-package')));

async function pack(target) {
  const folder = join(target, 'package');
  const build = join(folder, 'build');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const inputs = new Set();
  writeFileSync(join(build, 'renderer.gz'), await buildRenderer(inputs));
  const bundled = [
    ...(await bundleCommand(build, { sourcemap: 'external', sourcesContent: false })),
    ...(await bundleLibrary(build)),
  ];
  withOurNames(join(build, 'cdk8s-hexclave.cjs.map'));
  // Node resolves those of a module from where its map lies.
  withOurNames(join(build, 'index.cjs.map'), '../');
  const packages = packagesOf([...inputs, ...bundled.map((file) => join(root, file))]);
  writeFileSync(join(folder, 'NOTICES.md'), notices(packages));
  for (const path of COPIED) cpSync(join(root, path), join(folder, path), { recursive: true, filter: isRead });
  for (const file of ['README.md', 'cdk8s-hexclave.cjs']) {
    cpSync(join(root, 'cli', 'package', file), join(folder, file));
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', target];
  const [made] = Object.values(JSON.parse(execFileSync('npm', args, { cwd: target, encoding: 'utf8' })));
  writeFileSync(join(target, `${basename(made.filename, '.tgz')}.cdx.json`), sbom(packages));
  console.log(`${join(target, made.filename)}: ${kilobytes(made.size)}, installed ${kilobytes(made.unpackedSize)}`);
}

/** Of container/ the manifests carry scripts and configuration; the renderer's sources are in its bundle. */
function isRead(source) {
  const path = source.slice(root.length + 1).replaceAll('\\', '/');
  return !path.startsWith('container/renderer/') || path === 'container/renderer/start.cjs';
}

/** As they are called in the repository, wherever it was cloned to. */
function withOurNames(file, from = '') {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  map.sources = map.sources.map((source) => {
    const path = resolve(dirname(file), source);
    return source.startsWith('.') ? `${from}${relative(root, path).replaceAll('\\', '/')}` : source;
  });
  writeFileSync(file, JSON.stringify(map));
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB`;
}

// What the package holds of others, as CycloneDX.
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from './manifest.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * npm's list of everything that is installed here, without what is in no bundle: npm does not know what is bundled. Without
 * the time and the random number that it adds, so that the same package has the same list.
 */
export function sbom(packages) {
  const args = ['sbom', '--sbom-format', 'cyclonedx'];
  const all = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }));
  const bundled = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const components = [...new Map(all.components.map((item) => [item.purl, item])).values()]
    .filter(({ name, version }) => bundled.delete(`${name}@${version}`))
    // To npm what is bundled is for development: it is installed with none of the package.
    .map((item) => ({ ...item, properties: [] }))
    .sort((a, b) => (a.purl < b.purl ? -1 : 1));
  if (bundled.size > 0) throw new Error(`npm sbom does not know ${[...bundled].join(', ')}`);
  const { name, version, description, license } = manifest();
  const purl = `pkg:npm/${name}@${version}`;
  const itself = {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    description,
    purl,
    licenses: [{ license: { id: license } }],
  };
  const refs = components.map((item) => item['bom-ref']);
  const result = {
    $schema: all.$schema,
    bomFormat: all.bomFormat,
    specVersion: all.specVersion,
    version: all.version,
    metadata: { tools: all.metadata.tools, component: itself },
    components,
    dependencies: [{ ref: purl, dependsOn: refs }, ...refs.map((ref) => ({ ref }))],
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

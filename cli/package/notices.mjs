// The licences of the packages whose code the bundles hold.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that ask for no more than their text and the names in it. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** The packages that these files belong to. Throws for a licence that asks for more, and for a package without its text. */
export function packagesOf(files) {
  const folders = [...new Set(files.flatMap((file) => packageOf(file) ?? []))];
  const packages = new Map(folders.map(read).map((found) => [`${found.name} ${found.version}`, found]));
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

/** NOTICES.md for packages. */
export function notices(packages) {
  const parts = packages.map((item) => `## ${item.name} ${item.version} (${item.license})\n\n${fenced(item.text)}`);
  return `# Licences of what this package holds of others\n\n${parts.join('\n')}`;
}

function packageOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];
}

function read(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!PERMISSIVE.includes(license)) throw new Error(`${name} ${version} is under ${license}`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const text = texts.length > 0 ? texts.join('\n\n') : inReadme(folder);
  if (!text) throw new Error(`${name} ${version} comes without the text of its licence`);
  return { name, version, license, text };
}

/** Some packages have theirs at the end of the README. */
function inReadme(folder) {
  const readme = join(folder, 'README.md');
  if (!existsSync(readme)) return undefined;
  return /^#+ Licen[cs]e\s*\n([\s\S]*)/im.exec(readFileSync(readme, 'utf8'))?.[1].trim();
}

function fenced(text) {
  return `\`\`\`\`\n${text.replaceAll('\r\n', '\n')}\n\`\`\`\`\n`;
}

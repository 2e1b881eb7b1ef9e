// Refuses to release what is not ready: node cli/package/release.mjs <tag> <owner/repository>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is not as a release of this tag needs it, from the folder of a clone; nothing when all is. */
export function problems(folder, tag, repository) {
  const read = (file) => readFileSync(join(folder, file), 'utf8');
  const { version } = JSON.parse(read('cli/package.json'));
  const root = JSON.parse(read('package.json'));
  const url = root.repository?.url ?? root.repository ?? '';
  const changelog = read('CHANGELOG.md');
  const section = changelog.split(/^## /m).find((text) => text.split(/[\s(]/)[0] === version);
  const checks = [
    [tag === `v${version}`, `The tag is ${tag}, and cli/package.json says ${version}.`],
    [root.version === version, `package.json says ${root.version}, and cli/package.json ${version}.`],
    [read('config/version.ts').includes(`'${version}'`), `config/version.ts does not say ${version}.`],
    [section !== undefined, `CHANGELOG.md has no section "## ${version}": rename "Unreleased".`],
    [
      new RegExp(`[/:]${repository}(\\.git)?$`).test(url),
      `package.json needs "repository": "https://github.com/${repository}", which npm's provenance is checked against.`,
    ],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, problem]) => problem);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [tag, repository] = process.argv.slice(2);
  const found = problems(process.cwd(), tag, repository);
  for (const problem of found) console.error(problem);
  process.exitCode = found.length > 0 ? 1 : 0;
}

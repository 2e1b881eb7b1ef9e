import { mkdirSync } from 'node:fs';
import { hasErrors } from '../config/finding';
import { join, relative, resolve } from '../config/paths';
import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { load } from './load';
import { replaceManifests, secretFiles } from './output';
import { realPath } from './real-path';
import { json, report } from './report';
import { err, out } from './terminal';
import { refuseTracked } from './tracked';
import { account, type Upgrade, upgradeOf } from './upgrade';

export interface SynthOptions {
  /** @default dist */
  readonly output?: string;
  /** @default text */
  readonly format?: 'text' | 'json';
}

/** Writes the manifests of the environments of these names, all without a name. Writes nothing when one has an error. */
export function synth(names: readonly string[], options: SynthOptions = {}): number {
  const output = checkedOutput(options.output ?? 'dist');
  const loaded = buildAll(load(names));
  const findings = loaded.flatMap((item) => item.findings);
  let written: readonly Written[] = [];
  if (options.format !== 'json') report(findings);
  try {
    if (!hasErrors(findings)) written = write(output, loaded);
  } finally {
    // Programs get their answer also when a folder cannot be written; the reason is on standard error.
    if (options.format === 'json') out(json(findings, { written }));
  }
  if (options.format !== 'json') {
    if (hasErrors(findings)) err(`Nothing was written: mend the errors first.\n`);
    else out(written.map(line).join(''));
    for (const { environment, upgrade } of written) if (upgrade) err(account(environment, upgrade));
  }
  return hasErrors(findings) ? 1 : 0;
}

interface Written {
  readonly environment: string;
  readonly folder: string;
  readonly files: number;
  readonly objects: number;
  /** What the manifests do to an install, where another version made those that were there. @default - the same did */
  readonly upgrade?: Upgrade;
}

function write(output: string, loaded: readonly BuiltEnvironment[]): Written[] {
  const built = loaded.map(({ name, built }) => ({
    name,
    folder: join(output, name),
    files: built!.files,
    upgrade: upgradeOf(join(output, name), built!),
  }));
  refuseTracked(built.flatMap(({ folder, files }) => secretFiles(files).map((file) => join(folder, file))));
  mkdirSync(output, { recursive: true });
  replaceManifests(built);
  return built.map(({ name, folder, files, upgrade }) => ({
    environment: name,
    folder,
    files: files.size,
    objects: objects(files),
    upgrade,
  }));
}

function line({ environment, folder, files, objects }: Written): string {
  return `${environment}: ${objects} objects in ${files} files in ${folder}\n`;
}

function objects(files: ReadonlyMap<string, string>): number {
  let count = 0;
  for (const text of files.values()) count += text.match(/^kind: /gm)?.length ?? 0;
  return count;
}

/** Refuses an output folder in which the environments, or the project itself, would be mixed up with manifests. */
function checkedOutput(output: string): string {
  const target = realPath(resolve(output));
  const project = realPath(resolve('.'));
  const environments = realPath(resolve('environments'));
  const fix = 'Give a folder of its own, such as dist.';
  if (contains(target, project)) throw new Failure(`The output ${output} holds the project itself`, 2, fix);
  if (contains(target, environments) || contains(environments, target)) {
    throw new Failure(`The output ${output} and environments/ are in each other`, 2, fix);
  }
  return relative('.', resolve(output)).startsWith('..') ? resolve(output) : relative('.', resolve(output));
}

function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

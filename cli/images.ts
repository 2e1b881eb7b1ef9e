import type { Environment } from '../config/environment';
import { hasErrors } from '../config/finding';
import { buildAll } from './build';
import { Failure } from './failure';
import type { Copier } from './images/copiers';
import { copyScript } from './images/copy';
import { type ListedImage, listImages } from './images/listed';
import { type Ask, registryClient } from './images/registry';
import { load } from './load';
import { refuse } from './refuse';
import { err, out, paint } from './terminal';

export interface ImagesOptions {
  /** @default text */
  readonly format?: 'text' | 'json';
  /** Prints a script that copies the images to this registry instead of the list. @default - the list */
  readonly copyTo?: string;
  /** The program of that script. @default crane */
  readonly with?: Copier;
  /** Asks the registries whether the images are there. @default false */
  readonly check?: boolean;
  /** What the nodes run, for `check`. @default linux/amd64 */
  readonly platform?: string;
}

/** Lists the images of the environments of these names, all without a name. 1 when `check` misses one. */
export function images(names: readonly string[], options: ImagesOptions = {}): number {
  const listed = listImages(environmentsOf(names));
  if (options.copyTo !== undefined) {
    if (!REGISTRY.test(options.copyTo)) {
      throw new Failure(
        `"${options.copyTo}" is no registry`,
        2,
        'Write a host with an optional path, without https://.',
      );
    }
    out(copyScript(listed, options.copyTo, options.with ?? 'crane'));
    return 0;
  }
  const platform = options.platform ?? 'linux/amd64';
  const problems = options.check ? missing(listed, platform, registryClient()) : new Map<string, string>();
  if (options.format === 'json') {
    out(`${JSON.stringify({ images: listed.map((item) => forPrograms(item, problems, options)) }, null, 2)}\n`);
  } else {
    out(listed.map(({ image }) => `${image}\n`).join(''));
    for (const [image, problem] of problems) err(`${paint(2, 'red', 'error')}  ${image}  ${problem}\n`);
    if (options.check) err(verdict(listed.length, problems.size, platform));
  }
  return problems.size > 0 ? 1 : 0;
}

/** The form of the field `registry` in environment.yaml. */
const REGISTRY = /^(?!.*\/\/)[a-z0-9][a-z0-9._:/-]*[a-z0-9]$/;

/** Images are known of what could be applied, so warnings do not matter here and errors do. */
function environmentsOf(names: readonly string[]): Environment[] {
  const loaded = buildAll(load(names));
  const findings = loaded.flatMap((item) => item.findings);
  if (hasErrors(findings)) refuse('The images are not known', findings);
  return loaded.map(({ environment }) => environment!);
}

function missing(listed: readonly ListedImage[], platform: string, ask: Ask): Map<string, string> {
  const problems = new Map<string, string>();
  for (const { image } of listed) {
    err(`${paint(2, 'dim', `asking for ${image}`)}\n`);
    const answer = ask(image, platform);
    if ('problem' in answer) problems.set(image, answer.problem);
  }
  return problems;
}

function forPrograms(
  { image, origin, digest, used }: ListedImage,
  problems: ReadonlyMap<string, string>,
  { check }: ImagesOptions,
): object {
  const problem = problems.get(image);
  const checked = check ? { found: problem === undefined, ...(problem ? { problem } : {}) } : {};
  return { image, ...(origin === image ? {} : { origin }), digest: digest ?? null, ...checked, used };
}

function verdict(all: number, lost: number, platform: string): string {
  return lost > 0
    ? `${lost} of ${all} images are not to be had for ${platform}\n`
    : `${paint(2, 'green', 'Complete')}: ${all} images are there for ${platform}\n`;
}

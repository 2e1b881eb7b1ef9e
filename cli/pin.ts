import { readFileSync } from 'node:fs';
import { join } from '../config/paths';
import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { type ListedImage, listImages } from './images/listed';
import { registryClient } from './images/registry';
import { loadOne } from './load';
import { replaceFile } from './private-file';
import { refuse } from './refuse';
import { err, out, paint } from './terminal';
import { withYamlValue } from './yaml-edit';

/**
 * Writes the digests that the tags of an environment's images stand for today into its environment.yaml, whose comments
 * stay. What is pinned already stays as it is. Nothing is written unless every image was found.
 */
export function pin(name: string): number {
  const [{ environment, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
  if (!environment) refuse('Nothing was pinned', findings);
  const loose = listImages([environment]).filter(({ digest }) => digest === undefined);
  if (loose.length === 0) {
    out('Every image is pinned already\n');
    return 0;
  }
  const file = join('environments', name, 'environment.yaml');
  const before = readFileSync(file);
  let text = before.toString();
  const ask = registryClient();
  const unplaced: string[] = [];
  const written: string[] = [];
  for (const item of loose) {
    const place = placeOf(item, environment.settings.images);
    if (!place) {
      unplaced.push(item.image);
      continue;
    }
    err(`${paint(2, 'dim', `asking for ${item.image}`)}\n`);
    const answer = ask(item.image);
    if ('problem' in answer) {
      const fix = 'See that you are logged in, and that the tag is right.';
      throw new Failure(`${item.image} was not found, so nothing was pinned: ${answer.problem}`, 1, fix);
    }
    const value = place[0] === 'image' ? answer.digest : `${item.origin}@${answer.digest}`;
    text = withYamlValue(text, place, value);
    written.push(`${place.join('.')}: ${value}\n`);
  }
  if (written.length > 0) replaceFile(file, text, 0o644, before);
  out(written.join(''));
  for (const image of unplaced) {
    err(`${paint(2, 'yellow', 'left alone')}  ${image}  is written by a patch, a sidecar or an object of your own\n`);
  }
  return 0;
}

/** The field of environment.yaml that decides an image; undefined when none of ours does. */
function placeOf({ origin, used }: ListedImage, images: Readonly<Record<string, unknown>>): string[] | undefined {
  if (used.some(({ container }) => container === 'server')) return ['image', 'digest'];
  const key = Object.keys(images).find((name) => images[name] === origin);
  if (key) return ['images', key];
  const postgres = used.some(({ container }) => ['postgres', 'imageName', 'database'].includes(container));
  return postgres ? ['images', 'postgres'] : undefined;
}

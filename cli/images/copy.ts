import { mirroredAt } from '../../charts/images';
import type { Copier } from './copiers';
import type { ListedImage } from './listed';

/**
 * A shell script that copies images into a registry, to where manifests with `registry: <target>` look for them.
 * @param target registry host with an optional path, e.g. `mirror.example.com/hub`
 */
export function copyScript(images: readonly ListedImage[], target: string, copier: Copier): string {
  const pairs = new Map(images.map(({ origin }) => [origin, mirroredAt(target, origin)]));
  const lines = [...pairs].sort().map(([from, to]) => commands[copier](from, withoutDigest(to)));
  return `${HEADER}${lines.join('\n')}\n`;
}

/** Each copies the index with every platform, so that the digest stays what it was. */
const commands: Record<Copier, (from: string, to: string) => string> = {
  crane: (from, to) => `crane copy '${from}' '${to}'`,
  // skopeo takes a tag or a digest, not both.
  skopeo: (from, to) => `skopeo copy --all 'docker://${oneOf(from)}' 'docker://${to}'`,
  docker: (from, to) => `docker buildx imagetools create --tag '${to}' '${from}'`,
};

/** The copy gets the tag; that it is the same image, its digest says. */
function withoutDigest(reference: string): string {
  const [name, digest] = reference.split('@');
  return hasTag(name!) || !digest ? name! : `${name}:${digest.replace('sha256:', '').slice(0, 12)}`;
}

function oneOf(reference: string): string {
  const [name, digest] = reference.split('@');
  if (!digest) return reference;
  return `${hasTag(name!) ? name!.slice(0, name!.lastIndexOf(':')) : name}@${digest}`;
}

function hasTag(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).includes(':');
}

const HEADER = `#!/bin/sh
# Copies every image of these environments, all platforms of it. Log in to both registries first.
set -eu
`;

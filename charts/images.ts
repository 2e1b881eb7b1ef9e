import type { Settings } from '../config/settings';

/** Any user can run curl; above 10000 it shares a number with nobody on the node. */
export const CURL_USER = 10001;

/** The server image's reference; the digest decides where there is one, the tag is kept for people. */
export function serverImage(settings: Settings): string {
  const { repository, tag, digest } = settings.image;
  return mirrored(settings, `${repository}:${tag}${digest ? `@${digest}` : ''}`);
}

/** A reference with its registry host replaced by the environment's registry, if it has one. */
export function mirrored(settings: Settings, reference: string): string {
  return settings.registry ? mirroredAt(settings.registry, reference) : reference;
}

/** A reference with its registry host replaced by this registry, e.g. `mirror.example.com/hub`. */
export function mirroredAt(registry: string, reference: string): string {
  const [first, ...rest] = reference.split('/');
  // As Docker decides it: a first part with a dot, a colon or "localhost" is a host, anything else a path on Docker Hub.
  const hasHost = rest.length > 0 && (/[.:]/.test(first!) || first === 'localhost');
  const path = hasHost ? rest.join('/') : rest.length > 0 ? reference : `library/${reference}`;
  return `${registry}/${path}`;
}

/** Of the bundled PostgreSQL, and of whatever needs the clients of that version. */
export function postgresImage(settings: Settings, version: Version): string {
  return mirrored(settings, settings.images.postgres ?? POSTGRES_IMAGES[version]);
}

type Version = Extract<Settings['stores']['postgres'], { mode: 'bundled' }>['version'];

/** The official images; a minor version is a new image of the same data. */
const POSTGRES_IMAGES: Record<Version, string> = {
  15: 'docker.io/library/postgres:15.18',
  16: 'docker.io/library/postgres:16.14',
  17: 'docker.io/library/postgres:17.10',
  18: 'docker.io/library/postgres:18.4',
};

import type { Draft, Rule } from '../draft';
import { tagOf, withSetting } from './read';

/** Which images run. */
export const images: readonly Rule[] = [
  {
    id: 'image-moving-tag',
    severity: 'depends',
    summary: 'A tag that points to another image tomorrow, without a digest.',
    *check(draft) {
      const { tag, digest } = draft.settings.image;
      if (!digest && MOVING.test(tag)) {
        yield withSetting(
          draft,
          'image.tag',
          'error',
          'The tag moves: a new image behind it would start without a migration Job of its own, and pods of one Deployment would run different versions.',
          'Write the version or commit the tag stands for today, or add image.digest.',
        );
      }
      const { curl, postgres, clickhouse } = draft.settings.images;
      for (const [path, reference, moving] of [
        ['images.curl', curl, MOVING],
        ['images.clickhouse', clickhouse, MOVING],
        // Versions of PostgreSQL have two numbers.
        ['images.postgres', postgres ?? '', /^(latest|\d+)(-|$)/],
        ...sidecarImages(draft),
      ] as const) {
        if (reference === '' || reference.includes('@sha256:')) continue;
        const itsTag = tagOf(reference);
        if (itsTag !== undefined && !moving.test(itsTag)) continue;
        yield withSetting(
          draft,
          path,
          'warning',
          'The image has no fixed version, so what runs changes whenever somebody publishes one.',
          'Add the version as a tag.',
        );
      }
    },
  },
  {
    id: 'image-unpinned',
    severity: 'warning',
    summary: 'The server image has no digest.',
    *check(draft) {
      const { tag, digest } = draft.settings.image;
      if (digest || MOVING.test(tag)) return;
      yield withSetting(
        draft,
        'image.digest',
        'warning',
        'Whoever can push to the repository can put another image behind the tag.',
        'Add the digest that docker buildx imagetools inspect prints for repository and tag.',
      );
    },
  },
  {
    id: 'image-repository',
    severity: 'error',
    summary: 'Repository or registry is not just that.',
    *check(draft) {
      const { image, registry } = draft.settings;
      if (image.repository.slice(image.repository.lastIndexOf('/') + 1).includes(':')) {
        yield withSetting(
          draft,
          'image.repository',
          'error',
          'The repository ends in a tag, and image.tag would be added behind it.',
          'Move the tag to image.tag.',
        );
      }
      for (const [path, value] of [
        ['image.repository', image.repository],
        ['registry', registry ?? ''],
      ] as const) {
        if (!value.includes('//')) continue;
        yield withSetting(draft, path, 'error', 'An image reference has no scheme.', 'Begin with the host.');
      }
    },
  },
];

function sidecarImages({ settings }: Draft): [path: string, image: string, moving: RegExp][] {
  return Object.entries(settings.pods).flatMap(([group, { sidecars = [] }]) =>
    sidecars.map(({ image }, index): [string, string, RegExp] => [
      `pods.${group}.sidecars.${index}.image`,
      image,
      MOVING,
    ]),
  );
}

/** Tags that are published again and again; also those that name no full version, such as 1 or 1.2. */
const MOVING =
  /^(latest|main|master|dev|develop|development|edge|nightly|canary|next|stable|staging|beta|alpha|release|production|prod|lts|v?\d{1,3}(\.\d{1,3})?)$/i;

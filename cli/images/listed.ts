import { idOf } from '../../charts/documents';
import { build } from '../../charts/hexclave';
import type { Environment } from '../../config/environment';

/** One image, and what runs it. */
export interface ListedImage {
  /** As the manifests write it: repository, tag, and digest where it is pinned. */
  readonly image: string;
  /** The same where it is published, without the environment's registry; what a mirror copies from. */
  readonly origin: string;
  /** Undefined when only the tag decides what runs. */
  readonly digest: string | undefined;
  readonly used: readonly Use[];
}

/** A container that runs an image. */
export interface Use {
  readonly environment: string;
  /** `Kind/name`. */
  readonly object: string;
  /** Name of the container; of the field, where an operator makes the containers. */
  readonly container: string;
}

/**
 * The images of environments, sorted by reference. They are read from the manifests, so that none is forgotten: init
 * containers, Jobs, CronJobs, what a patch changed and what operators are told to run.
 */
export function listImages(environments: readonly Environment[]): ListedImage[] {
  const found = new Map<string, { origin: string; used: Use[] }>();
  for (const environment of environments) {
    const here = usesOf(environment);
    // Emitted once more without the mirror, object by object the same: where each image comes from.
    const there = environment.settings.registry ? usesOf(withoutRegistry(environment)) : here;
    here.forEach(({ image, use }, index) => {
      const known = found.get(image) ?? { origin: there[index]!.image, used: [] };
      known.used.push(use);
      found.set(image, known);
    });
  }
  return [...found]
    .map(([image, { origin, used }]) => ({ image, origin, digest: image.split('@')[1], used }))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}

interface Found {
  readonly image: string;
  readonly use: Use;
}

function usesOf(environment: Environment): Found[] {
  return [...build(environment).objects.values()].flat().flatMap((object) =>
    [...containersIn(object)].map(({ image, container }) => ({
      image,
      use: { environment: environment.name, object: idOf(object), container },
    })),
  );
}

function withoutRegistry(environment: Environment): Environment {
  return { ...environment, settings: { ...environment.settings, registry: undefined } };
}

/** Every container below a value, whatever the kind of object, and what CloudNativePG is told to run. */
function* containersIn(value: unknown, key = ''): Iterable<{ image: string; container: string }> {
  if (Array.isArray(value)) {
    for (const item of value) yield* containersIn(item, key);
  } else if (typeof value === 'object' && value !== null) {
    const { image, imageName, name } = value as Record<string, unknown>;
    if (CONTAINERS.has(key) && typeof image === 'string') yield { image, container: String(name) };
    if (typeof imageName === 'string') yield { image: imageName, container: 'imageName' };
    for (const [field, item] of Object.entries(value)) yield* containersIn(item, field);
  }
}

const CONTAINERS = new Set(['containers', 'initContainers']);

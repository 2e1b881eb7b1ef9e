/** The packages of a set, and the script of the processes that have loaded them. */
export interface PackageSet {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly script: string;
}

/** The set that has every package at the version asked for; whoever asks for none gets the first. */
export function findSet(sets: readonly PackageSet[], asked: Readonly<Record<string, string>>): PackageSet {
  const wanted = Object.entries(asked);
  const found = sets.find(({ versions }) => wanted.every(([name, version]) => versions[name] === version));
  if (found) return found;
  const lacking = wanted.filter(([name, version]) => !sets.some(({ versions }) => versions[name] === version));
  throw new Lacking(
    (lacking.length > 0 ? lacking : wanted).map(([name, version]) => `${name}@${version}`),
    sets,
  );
}

/** A server that is newer than this renderer asks for packages that are not in it. */
export class Lacking extends Error {
  constructor(lacking: readonly string[], sets: readonly PackageSet[]) {
    const has = sets.map(({ versions }) => Object.entries(versions).map((entry) => entry.join('@')));
    super(`this renderer lacks ${lacking.join(', ')}; it has ${has.map((list) => list.join(', ')).join(' or ')}`);
  }
}

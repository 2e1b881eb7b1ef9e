import { canonicalName, contract, isSettable, stem, variable, wouldPublish } from './contract';
import { foreignNames, foreignParts } from './contract/foreign-names';

/** What a name means that the server does not read, as other programs, older images and guides have it. */
export interface Meaning {
  /** The variables of the contract that are meant. */
  readonly names: readonly string[];
  /** The value can stand under the first of the names as it is; otherwise it is a part of it, or all of them in one. */
  readonly asItIs: boolean;
}

/** What a variable that the contract does not list is called there; undefined when nothing is known about the name. */
export function meaning(written: string): Meaning | undefined {
  if (variable(canonicalName(written))) return undefined;
  const name = stem(written).toUpperCase();
  const found = [byForeignName.get(name), byStem.get(name)].filter(
    (target) => target !== undefined && !wouldPublish(written, variable(target)!),
  ) as string[];
  if (found.length > 0) return { names: [...new Set(found)], asItIs: true };
  const parts = foreignParts.find(({ names }) => names.includes(name));
  return parts && { names: parts.of, asItIs: false };
}

/**
 * The contract's name for a spelling in a file of another program or an older image, where its value can stand under that
 * name as it is; other spellings stay. What the server itself reads under two names is `canonicalName`.
 */
export function adoptedName(written: string): string {
  const known = meaning(written);
  return known?.asItIs ? known.names[0]! : canonicalName(written);
}

const byForeignName: ReadonlyMap<string, string> = new Map(
  Object.entries(foreignNames).flatMap(([target, names]) => names.map((name) => [name, target] as const)),
);

/** The contract's own names without the vendor's prefixes, where what is left says enough. */
const byStem: ReadonlyMap<string, string> = new Map(
  contract
    .filter(isSettable)
    .flatMap((item) => [item.name, ...(item.aliases ?? [])].map((name) => [stem(name), item.name] as const))
    .filter(([name]) => name.includes('_'))
    .reverse(),
);

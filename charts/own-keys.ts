import type { IResolver, ResolutionContext } from 'cdk8s';

/**
 * Lets a map have a key such as `constructor` or `__proto__`, which are labels and variables like any other to Kubernetes.
 * cdk8s takes the first for the class of the map and assigns the second away, so it sees both with a mark behind them.
 */
export class OwnKeys implements IResolver {
  resolve(context: ResolutionContext): void {
    const { value } = context;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    let found = false;
    for (const key in value) if (INHERITED.has(key)) found = true;
    if (found)
      context.replaceValue(Object.fromEntries(Object.entries(value).map(([key, item]) => [marked(key), item])));
  }
}

/** The key that a marked one stands for; any other stays. */
export function unmarked(key: string): string {
  const name = key.slice(0, -MARK.length);
  return key.endsWith(MARK) && INHERITED.has(name) ? name : key;
}

/** What every object of JavaScript has without having it as a key. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** No text of an environment holds it. Behind the name, so that sorted keys stay sorted. */
const MARK = '\0';

function marked(key: string): string {
  return INHERITED.has(key) ? `${key}${MARK}` : key;
}

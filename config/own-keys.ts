/**
 * The same map without what every object inherits: reading `constructor` or `toString` of it gives undefined unless the user
 * has such a key. For maps that are read by names of the user's choice.
 */
export function ownKeys<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.setPrototypeOf({ ...map }, null);
}

/** A value in which every key `__proto__` is called otherwise, for zod leaves it out of maps without a word. */
export function withoutProto(value: unknown): unknown {
  return renamed(value, PROTO, STAND_IN);
}

/** The value with the keys as the user wrote them. */
export function withProto<T>(value: T): T {
  return renamed(value, STAND_IN, PROTO) as T;
}

/** What a path of zod's stands for. */
export function writtenKey<T extends PropertyKey>(step: T): T | typeof PROTO {
  return step === STAND_IN ? PROTO : step;
}

const PROTO = '__proto__';
/** Of the same characters, so that every pattern for keys says the same of it. */
const STAND_IN = '__proto_in_the_place_of_proto__';

function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => renamed(item, from, to));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const entry: [string, unknown] = [key === from ? to : key, renamed(item, from, to)];
    changed ||= key === from || entry[1] !== item;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
}

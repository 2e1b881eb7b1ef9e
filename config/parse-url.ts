/**
 * The URL a text stands for, or undefined when it is none. Not `URL.canParse`: on Node 20 that begins to refuse hosts
 * with letters such as ü once V8 has optimized the caller, so the same input would be judged differently in a long run.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** What index.ts exports, as declarations that need no file of ours; without the fields of environment.yaml on demand. */
export function declarations(options?: { environment?: boolean }): string;

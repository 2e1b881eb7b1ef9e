/**
 * What the packages see under these names, put in by the bundler. A startup snapshot cannot hold Node's own web classes,
 * nothing in an e-mail is an instance of them, and scripts have none of them either.
 */
export class Headers {}
export class Request {}
export class Response {}
export class FormData {}
export class File {}
export class Blob {}

/** The globals that there are before any package is loaded: this module comes first, for it is put into all the others. */
export const before: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

const node = globalThis.process;

/** The packages keep Node's `process` when the sandbox takes the global away. */
export { node as process };

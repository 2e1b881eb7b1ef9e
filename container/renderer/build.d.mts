/** The archive: gzip of a JSON object from file name to text. */
export function buildRenderer(): Promise<Uint8Array>;

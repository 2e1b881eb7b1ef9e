/** The archive: gzip of a JSON object from file name to text. Adds the paths of what it was made from to `inputs`. */
export function buildRenderer(inputs?: Set<string>): Promise<Uint8Array>;

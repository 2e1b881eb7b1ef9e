/** What is not as a release of this tag needs it, from the folder of a clone; nothing when all is. */
export function problems(folder: string, tag: string, repository: string): string[];

/** What a user can mend. Its message is shown as it is, without a stack trace. */
export class Failure extends Error {
  /**
   * @param exitCode 1: the input or the machine refuses; 2: the command was used wrongly.
   * @param fix what to do about it
   */
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
    readonly fix?: string,
  ) {
    super(message);
  }
}

/** Turns what the operating system says into a Failure; other errors are bugs and stay what they are. */
export function asFailure(error: unknown): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || !code || !syscall) return error;
  return new Failure(`${path ?? syscall}: ${reasons[code] ?? `the system says ${code} (${syscall})`}`, 1);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'not permitted',
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, a file is needed',
  ENOTDIR: 'a part of the path is a file, a folder is needed',
  EEXIST: 'something of that name is there already',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
};

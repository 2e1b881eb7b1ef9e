import { unreadableBecause } from '../config/read-named';

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
  const reason = unreadableBecause(error);
  if (reason === undefined) return error;
  const { path, syscall } = error as NodeJS.ErrnoException;
  return new Failure(`${path ?? syscall}: ${reason}`, 1);
}

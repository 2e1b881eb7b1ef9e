export interface SealOptions {
  /** Encrypts unchanged values anew as well. @default false */
  readonly all?: boolean;
  /** Drops values that secrets.env no longer has. @default false */
  readonly prune?: boolean;
  /** The controller's certificate. @default - the one that environment.yaml names */
  readonly certificate?: string;
}

/** What became of the committed files. Names only, never a value. */
export interface Sealed {
  /** Files that were written; the others are as they were. */
  readonly written: readonly string[];
  readonly anew: readonly string[];
  readonly unchanged: readonly string[];
  /** Not in secrets.env, so only carried over. */
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
}

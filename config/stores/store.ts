import type { SecretKey } from '../environment';
import type { Settings } from '../settings';

/** What a store that runs in the namespace sets for the server, and which secrets it shares with it. */
export interface Provision {
  /** The field of environment.yaml that turned the store on, e.g. `stores.postgres.mode`. */
  readonly setting: string;
  /** The variables it sets; undefined is a value made from a secret that is not known here. */
  readonly variables: Readonly<Record<string, string | SecretKey | undefined>>;
  /** The variables of the contract that hold its own secrets, in `secrets.env` or in the existing Secret. */
  readonly secrets: readonly string[];
  /** Why it is for evaluation only; also the annotation of its objects. @default - it is not */
  readonly evaluation?: string;
}

/** A store as a function of the settings: undefined while it does not run in the namespace. */
export type Store = (settings: Settings, secret: (name: string) => string | undefined) => Provision | undefined;

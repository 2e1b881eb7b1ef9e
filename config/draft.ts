import type { ExtraObject } from './extra';
import type { Finding, Place, RuleFacts } from './finding';
import type { Neighbour } from './neighbours';
import type { Holdings } from './secrets/held';
import type { Settings } from './settings';
import type { Provision } from './stores/store';

/** The files of an environment, by what they hold. */
export type SourceFile = 'config.env' | 'secrets.env' | 'environment.yaml';

/** Where a value comes from: a file, or a store that runs in the namespace. */
export type Source = SourceFile | 'derived';

/** One variable as the user wrote it, under the contract's name for it. */
export interface Assignment extends Place {
  /** The contract's spelling, e.g. `STACK_SERVER_SECRET`; an unknown variable keeps its own. */
  readonly name: string;
  /** The spelling in the file, e.g. `HEXCLAVE_SERVER_SECRET`. */
  readonly written: string;
  readonly value: string;
  readonly source: Source;
}

/** One variable that comes from a Secret kept elsewhere (`env: { NAME: { secret, key } }`). */
export interface Reference extends Place {
  readonly name: string;
  readonly written: string;
  readonly secret: string;
  readonly key: string;
  /** Set by a store that runs in the namespace, not by the user. */
  readonly derived?: true;
}

/** What the files say, before the rules have judged it. The rules read this and nothing else. */
export interface Draft extends Holdings {
  /** The environment's name: its folder's. */
  readonly name: string;
  readonly settings: Settings;
  /** Values known at synth, by contract name. */
  readonly values: ReadonlyMap<string, Assignment>;
  /** Every assignment in file order, doubles and both spellings included. */
  readonly assignments: readonly Assignment[];
  /** Values that come from another Secret, by contract name. */
  readonly references: ReadonlyMap<string, Reference>;
  /** `secrets.env` was read although its values are not written as they are: they are about to be sealed. */
  readonly sealing: boolean;
  /** The other environments of the folder that have the same namespace. */
  readonly neighbours: readonly Neighbour[];
  /** What the stores that run in the namespace set for the server; `values` and `references` have it too. */
  readonly provisions: readonly Provision[];
  /** The user's own objects, from `extra/`. */
  readonly extra: readonly ExtraObject[];
  /** Where a path of `environment.yaml` stands; the nearest parent that is written when it is not. */
  place(path: string): Place;
  /** Where a variable would be added: the end of `config.env` or `secrets.env`, or the file as a whole. */
  home(name: string): Place;
}

/** A finding before its rule's id is filled in. */
export interface Issue extends Omit<Finding, 'rule'> {
  /** The contract's name of the variable that it is about. @default - it is about something else */
  readonly about?: string;
}

/** A check over the whole draft. Yields findings without the rule's id, which is filled in. */
export interface Rule extends RuleFacts {
  readonly id: string;
  check(draft: Draft): Iterable<Issue>;
}

import type { Facts } from './facts';

/** A problem stops something from working; a note is worth knowing, or becomes a problem later. */
export type Weight = 'problem' | 'note';

/** Where a check is tried: provoked in a cluster, or found in facts that were written down. */
export const BED = 'tests/cluster/doctor.test.ts';
export const RECORDED = 'tests/cli/doctor.test.ts';

/** One thing that can be wrong, as data: how it is seen, what it means and what to do. */
export interface Check {
  /** As it stands in brackets behind what is found. */
  readonly id: string;
  readonly weight: Weight;
  /** What it means, for the reference. A sentence or two. */
  readonly means: string;
  /** What to do, for the reference; what is found says it with its own names. */
  readonly fix: string;
  /** The page that says more. */
  readonly page: `docs/${string}`;
  /** The test that provokes it: a file, and the beginning of the test's title. */
  readonly test: readonly [file: string, title: string];
  /** Finds it in what was gathered. Asks nobody and changes nothing. */
  look(facts: Facts): Iterable<Symptom>;
}

/** What a check has found. */
export interface Symptom {
  /** `Kind/name`, or what else it is about. */
  readonly object: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do, with the command to type. */
  readonly fix: string;
  /** Since when, as the cluster has it. */
  readonly since?: string;
  /** A line of a log or an event that says it. */
  readonly said?: string;
}

/** Checks of one kind, under a heading of the reference. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly Check[];
}

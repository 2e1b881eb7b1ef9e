import type { Variable } from './variable';

/** A generation of the server: images of one name, `stackauth/server`, that want to be treated differently. */
export type Generation = 'A' | NonNullable<Variable['since']>;

/** Something to look at when an image of another generation takes the place of one. */
export interface Note {
  readonly text: string;
  /** The variable, or the field of environment.yaml, with which it is done. @default - nothing in the files says whether it is */
  readonly done?: string;
}

/** What differs for whoever deploys it, and how that was learned (docs/explanation/server.md). */
export interface GenerationFacts {
  /** When its images were published, for words such as "images since …". */
  readonly published: string;
  readonly servers: string;
  /** What whoever comes to this generation from the one before has to look at. */
  readonly coming: readonly Note[];
  /** What whoever goes back from this generation to the one before has to look at. */
  readonly leaving: readonly Note[];
  readonly stop: string;
  readonly renderer: string;
  readonly largestBody: string;
  /** Images of it that these manifests were run with, by the commit that names them. */
  readonly run: readonly string[];
  /** Images that are known to be of it by when they were published, and were not run. */
  readonly known: readonly string[];
  /** What stands for it in the tests where no image was to be had. */
  readonly otherwise: string;
}

/** The one table of what differs between images; charts, rules and tests hold to it (docs/reference/versions.md). */
export const generations: Readonly<Record<Generation, GenerationFacts>> = {
  A: {
    published: 'until May 2026',
    servers: 'two Next.js servers on Node 22',
    coming: [],
    leaving: [],
    stop: 'Process 1 ignores SIGTERM; the end is what `container/drain.sh` makes of it.',
    renderer: '`POST /execute/v1/script` to `v3`',
    largestBody: '10 MB',
    run: ['2f71990'],
    known: ['53c1c9e'],
    otherwise: 'a stand-in, for faults on command',
  },
  B: {
    published: 'since the end of May 2026',
    servers: 'the same, under the new name',
    coming: [
      { text: 'It reads `HEXCLAVE_X` for every `STACK_X`.' },
      {
        text: 'It reads `STACK_INTERNAL_PROJECT_…_KEY` and not the guide’s `STACK_SEED_…` spelling of two keys; the pods get both, with one value.',
      },
    ],
    leaving: [
      {
        text: 'What is set under the name `HEXCLAVE_X` alone is not read by A: these manifests write `STACK_X`, other tools may not.',
      },
    ],
    stop: 'As A.',
    renderer: 'As A.',
    largestBody: '10 MB',
    run: [],
    known: [],
    otherwise: 'a stand-in with its spellings',
  },
  C: {
    published: 'since August 2026',
    servers: 'an Elysia API and a Next.js dashboard on Node 24',
    coming: [
      {
        text: 'It refuses to start with an https API URL and no trusted proxy: add `HEXCLAVE_TRUSTED_PROXY=generic` in the same change as the image, never before it, for A and B answer 500 with it.',
        done: 'HEXCLAVE_TRUSTED_PROXY',
      },
      { text: 'It exits when `HEXCLAVE_X` and `STACK_X`, or the two spellings of a key, differ.' },
      { text: 'PostgreSQL 15 or newer.' },
      {
        text: 'Two more maintenance endpoints: `maintenance.workflowEngineStep` and `maintenance.issuesReconciler`.',
        done: 'maintenance.workflowEngineStep',
      },
      { text: 'E-mails are rendered over another protocol; the bundled renderer speaks both.' },
    ],
    leaving: [
      {
        text: 'Take `HEXCLAVE_TRUSTED_PROXY=generic` out in the same change as the image: A and B answer 500 with it.',
      },
      {
        text: 'Migrations are not taken back. The vendor tests that code of one version before works on the newer tables, and no more.',
      },
    ],
    stop: 'SIGTERM is passed on to both servers.',
    renderer: 'virtual machines with files and a job over WebSocket',
    largestBody: '4.5 MiB, or `HEXCLAVE_MAX_REQUEST_BODY_SIZE_BYTES`',
    run: [],
    known: [],
    otherwise: 'a stand-in with its start, its signals and its protocol, after its public code and guide',
  },
};

/** The generation of a tag that names a commit, written out or shortened; undefined: that of no image known here. */
export function generationOf(
  tag: string,
  table: Readonly<Record<Generation, GenerationFacts>> = generations,
): Generation | undefined {
  const all = Object.entries(table) as [Generation, GenerationFacts][];
  return all.find(([, { run, known }]) => [...run, ...known].some((commit) => isCommit(tag, commit)))?.[0];
}

function isCommit(tag: string, commit: string): boolean {
  return tag.length >= 7 && (tag.startsWith(commit) || commit.startsWith(tag));
}

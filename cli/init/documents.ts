import { LineCounter, type Node, parseAllDocuments } from 'yaml';
import { printable } from '../../config/env-file-findings';
import type { Finding } from '../../config/finding';
import { found } from '../../config/reading-rules';
import { Failure } from '../failure';
import { report, summary } from '../report';
import { Unresolved } from './dotenv';

/** The documents of a YAML or JSON text of somebody else's, with their places. */
export interface Documents {
  readonly roots: readonly unknown[];
  readonly lines: LineCounter;
  /** What a node stands for, its aliases and merge keys resolved. */
  valueOf(node: unknown): unknown;
}

/** Reads it as the programs do that it was written for: with merge keys, and with tags that only they know left aside. */
export function readDocuments(text: string, file: string): Documents {
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
      uniqueKeys: false,
      merge: true,
    });
    const documents = 'empty' in parsed ? [] : parsed;
    const broken = documents.flatMap(({ errors }) => errors)[0];
    if (broken)
      throw new Failure(`${file}:${lines.linePos(broken.pos[0]).line} is not valid YAML`, 1, 'Mend the syntax first.');
    const home = (node: unknown) => documents.find(({ contents, range }) => contents && isNodeIn(node, range));
    return {
      roots: documents.map(({ contents }) => contents),
      lines,
      valueOf: (node) => (home(node) && node ? (node as Node).toJS(home(node)!) : undefined),
    };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    throw new Failure(`${file} is nested too deeply, or its aliases multiply`, 1);
  }
}

/** Line of a node; 0 when it has none. */
export function lineOf({ lines }: Documents, node: unknown): number {
  const { range } = (node ?? {}) as Partial<Node>;
  return range ? lines.linePos(range[0]).line : 0;
}

/** What cannot be taken over of a file, all of it at once. Names only, never a value. */
export class Problems {
  private readonly findings: Finding[] = [];

  constructor(private readonly file: string) {}

  add(name: string, line: number, why: string): void {
    this.findings.push(
      found('import-unresolved', {
        file: this.file,
        line,
        field: printable(name),
        message: `The value cannot be taken over: ${why}.`,
        fix: FIX,
      }),
    );
  }

  /** The result of the work; undefined with a problem noted when what it is about has no value. */
  attempt<T>(name: string, line: number, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      this.add(name, line, error.message);
      return undefined;
    }
  }

  end(fix: string): void {
    if (this.findings.length === 0) return;
    report(this.findings);
    throw new Failure(`Nothing was made: ${summary(this.findings)}`, 1, fix);
  }
}

const FIX = 'Write the value out, or see below.';

function isNodeIn(node: unknown, range: readonly number[] | undefined): boolean {
  const at = (node as Partial<Node> | undefined)?.range?.[0];
  return at !== undefined && range !== undefined && at >= range[0]! && at <= range[2]!;
}

/** How much a finding matters: an error stops the run before anything is written, a warning does not. */
export type Severity = 'error' | 'warning';

/** What the reference says of a rule. */
export interface RuleFacts {
  /** Of its findings. `depends`: on what is found, some are errors and some are not. */
  readonly severity: Severity | 'depends';
  /** What it finds, in a sentence or two. */
  readonly summary: string;
  /** It stays an error whatever `accept` in environment.yaml says. @default false */
  readonly final?: boolean;
}

/** A place in one of the environment's files. `line` counts from 1; 0 means the file as a whole. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One problem with the input: what is wrong, where, and how to mend it. Never holds a secret value. */
export interface Finding extends Place {
  /** The id of the rule that found it, e.g. `server-secret-weak`. */
  readonly rule: string;
  readonly severity: Severity;
  /** The variable or the path in `environment.yaml`, e.g. `edge.tls`. */
  readonly field: string;
  /** What is wrong and what would happen. One sentence or two. */
  readonly message: string;
  /** What to write instead, or what to run. */
  readonly fix: string;
}

/** Whether any of them stops the run. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** A total order that does not depend on locale: file, line, field, rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compare(a.file, b.file) ||
    a.line - b.line ||
    compare(a.field, b.field) ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A line that a script wrote to its console. */
export interface Log {
  readonly message: string;
  readonly type: 'log' | 'error';
}

/** What a process gets to run: one ES module and the variables it may read. */
export interface Job {
  readonly script: string;
  readonly variables: Record<string, string>;
}

/** What the process of a render writes before it ends. */
export type Report =
  /** What the module's default export returned; `undefined` is no value of JSON and so is left out. */
  | { readonly result?: unknown; readonly logs: readonly Log[] }
  /** The module, or its default export, threw. */
  | { readonly error: { readonly message: string; readonly stack?: string }; readonly logs: readonly Log[] };

/** Why a render has no report. */
export type Stop = 'time' | 'memory' | 'output' | 'ended' | 'cancelled';

export type Outcome = Report | { readonly stopped: Stop; readonly message: string };

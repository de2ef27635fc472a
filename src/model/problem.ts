/** Something a person can mend: what is wrong, where, and what to do. A bug is not a Problem; it throws. */
export interface Problem {
  /** Stable, for scripts and tests: "port-taken", "unknown-key". */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at?: Place;
  readonly hint?: string;
}

export interface Place {
  /** As the person named it: relative to the working directory where possible. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The line itself, for the mark under it; absent where it may hold a secret. */
  readonly source?: string;
  /** How many characters the mark covers. */
  readonly length?: number;
}

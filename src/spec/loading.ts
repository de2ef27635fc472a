import type { Report } from './finding.ts';
import type { Lookup } from './interpolate.ts';
import type { Mark, Source } from './mark.ts';
import type { MapNode } from './node.ts';

/** What reading stack files needs to know; includes have their own. */
export interface Loading {
  readonly report: Report;
  /** What relative paths start from, absolute: the project directory, or that of an include. */
  readonly directory: string;
  /** What "~" stands for. */
  readonly home: string;
  /** What variables stand for: the environment, then the .env files. */
  readonly lookup: Lookup;
  /** Variables stay as they are written. */
  readonly raw: boolean;
  /** The text of a file; undefined if it cannot be read, which is reported at the mark. */
  readonly open: (path: string, mark?: Mark) => Promise<Source | undefined>;
  /** The documents of a stack file, as they are written; undefined if they cannot be read, which is reported. */
  readonly documents: (path: string, mark?: Mark) => Promise<Documents | undefined>;
  /** Whether a regular file stands there. */
  readonly exists: (path: string) => Promise<boolean>;
  /** Files that include one another, from the outside in. */
  readonly including: readonly string[];
  /** What went wrong so far, for stages that go on nevertheless. */
  readonly state: LoadState;
}

export interface Documents {
  readonly source: Source;
  readonly roots: readonly MapNode[];
}

export interface LoadState {
  /** False: values of known keys were wrong. */
  whole: boolean;
  /** False: a file or a section could not be read, so what is undefined cannot be told. */
  named: boolean;
  readonly written: { ports: number };
}

import type { ByName } from '../lib/record.ts';
import type { Action } from './action.ts';
import type { Cause, FieldDiff } from './change.ts';
import type { Problem } from './problem.ts';

/** Plain data: may be printed, saved, compared, and applied later. Holds no sensitive value. */
export interface Plan {
  readonly stack: string;
  /** Id of the engine it was made for. */
  readonly engine: string;
  /** What differs, as people read it; in the order of the steps. */
  readonly changes: readonly ChangeNote[];
  /** In an order that can be run: every step comes after the steps it names in `after`. */
  readonly steps: readonly Step[];
  /** What people should know first; one of severity "error" means the plan may not be applied. */
  readonly problems: readonly Problem[];
  /** Fingerprint of each resource that it was made from; apply looks again and refuses if one differs. Never empty. */
  readonly madeFrom: ByName<string>;
  readonly timeoutMs: number;
  readonly rollbackTimeoutMs: number;
}

/** One change as people and machines read it: the resource, what will happen to it, and because of what. */
export interface ChangeNote {
  readonly of: 'container' | 'network' | 'volume' | 'folder' | 'process';
  /** The engine's name of the resource; of a folder its path; of a process its number, user and command line. */
  readonly name: string;
  /** Absent for networks and volumes. */
  readonly service?: string;
  /** "replace" stops the old container first; "replace-start-first" starts the new one before. */
  readonly verb: 'create' | 'start' | 'update' | 'replace' | 'replace-start-first' | 'remove' | 'end' | 'backup' | 'restore';
  readonly because: string;
  readonly cause: Cause;
  readonly fields: readonly FieldDiff[];
  /** What this takes away from users meanwhile, such as "stops web-1 for up to 10 s". */
  readonly interrupts?: string;
}

/** Of the three stages, only `build` can be walked back; `discard` waits for every gate of the plan. */
export type Stage = 'prepare' | 'build' | 'discard';

export interface Step {
  /** Readable and stable, such as "container.start shop-web-1": a new step never renumbers the others. */
  readonly id: string;
  readonly stage: Stage;
  readonly action: Action;
  /** Ids of the steps that must have ended well before. */
  readonly after: readonly string[];
  readonly because: string;
  /** The service it serves, for `failure_action` and for grouping; absent for networks and volumes. */
  readonly service?: string;
  /** Only if the image that a reference means then is not this one: decided when a build or pull before it has ended. */
  readonly unlessImage?: { readonly reference: string; readonly id: string };
  /** What becomes of the plan when this step fails. */
  readonly onFailure: 'rollback' | 'pause' | 'continue';
}

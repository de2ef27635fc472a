import type { Applied } from './applied.ts';

/**
 * A container that the last apply of a stack left standing. It only tells "it was there, and is gone" from "it was never made", and
 * whether its declaration is still what was applied: it gives a plan its words and decides nothing in it.
 */
export interface LeftContainer {
  readonly service: string;
  readonly number: number;
  /** What was applied; absent when nothing said so. */
  readonly applied?: Applied;
  /** Paths of fields whose declaration differs from what was applied; absent when nothing says what was applied. */
  readonly edited?: readonly string[];
}

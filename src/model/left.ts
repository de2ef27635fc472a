/**
 * A container that the last apply of a stack left standing. It only tells "it was there, and is gone" from "it was never made": it
 * gives a plan its words and decides nothing.
 */
export interface LeftContainer {
  readonly service: string;
  readonly number: number;
}

import type { ByName } from '../lib/record.ts';

/** What a look into a place found; or why nobody knows yet, such as "known after create"; or what is wrong with what is declared. */
export type SeenData = LookedData | { readonly unknown: string } | { readonly wrong: string };

export interface LookedData {
  /** The ids that the declared owner has there. */
  readonly wanted: Ids;
  readonly root: FileOwner;
  /** How many entries were looked at, the root among them. */
  readonly looked: number;
  /** False: the time, or the number of entries that a look may take, was over before all were seen. */
  readonly isWhole: boolean;
  /** How many of them are not as declared. */
  readonly differ: number;
  /** Paths of a few of them, relative to the root. */
  readonly sample: readonly string[];
  /** Of the files that are to be removed before a start: bytes of those that are there. */
  readonly files: ByName<number>;
  /** Why something of it cannot be done, with its path: a hard link, a symlink where a file is to be removed. */
  readonly refused: readonly string[];
}

/** Absent: not looked at. */
export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
}

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits with set-id and sticky. */
  readonly mode: number;
}

export const isLooked = (seen: SeenData | undefined): seen is LookedData => seen !== undefined && 'looked' in seen;

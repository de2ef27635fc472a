/** When an engine gets no more time, whatever it is asked: no command lasts longer than it said, also where nobody answers. */
export interface RunDeadline {
  /** From now on, so many milliseconds for that part; in place of an earlier one. */
  begin(part: Part, ms: number): void;
  /** Nothing more is bounded. */
  end(): void;
}

/** What comes between a yes and the first step (the lock, a second look, the beginning of the journal), and the steps there and back. */
export type Part = 'start' | 'run';

/** Less than one question may take would refuse a run on an engine that is only slow; more says nothing new. */
const [leastStartMs, mostStartMs] = [20_000, 60_000];

/** What the start may take in all, in milliseconds: no longer than the way forward, and not counting the wait for another's lock. */
export const startMs = ({ forwardMs, lockMs }: { readonly forwardMs: number; readonly lockMs: number }): number =>
  Math.min(Math.max(forwardMs, leastStartMs), mostStartMs) + lockMs;

/** After the way forward and the way back: for the last look, and for giving the lock away. */
const lastWordsMs = 3_000;

/** What a run may take in all, in milliseconds. */
export const wholeRunMs = ({ forwardMs, backMs }: { readonly forwardMs: number; readonly backMs: number }): number =>
  forwardMs + backMs + lastWordsMs;

/** When an engine gets no more time, whatever it is asked: no command lasts longer than it said, also where nobody answers. */
export interface RunDeadline {
  /** From now on, so many milliseconds; in place of an earlier one. */
  begin(ms: number): void;
  /** Nothing more is bounded. */
  end(): void;
}

/** After the way forward and the way back: for the last look, and for giving the lock away. */
const lastWordsMs = 3_000;

/** What a run may take in all, in milliseconds. */
export const wholeRunMs = ({ forwardMs, backMs }: { readonly forwardMs: number; readonly backMs: number }): number =>
  forwardMs + backMs + lastWordsMs;

import type { ApplyEvent } from '../model/event.ts';

/** A view of a running plan. It only watches: nothing that it does or fails to do reaches the run. */
export interface Progress {
  on(event: ApplyEvent): void;
  /** Settles when the last line is written, after the run has ended. */
  shown(): Promise<void>;
}

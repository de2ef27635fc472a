import { setTimeout as pause } from 'node:timers/promises';

export interface Pace {
  /** Before the second try; each further pause is half as long again. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly signal: AbortSignal;
}

/** Asks at once, then with growing pauses, one question at a time, until the answer is true. Throws when the signal aborts. */
export async function untilTrue(ask: () => Promise<boolean>, { firstPauseMs, longestPauseMs, signal }: Pace): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    signal.throwIfAborted();
    if (await ask()) return;
    await pause(pauseMs, undefined, { signal });
  }
}

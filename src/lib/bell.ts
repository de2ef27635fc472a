/** Wakes one sleeper; a burst of rings is one. */
export interface Bell {
  ring(): void;
  /** What was rung until now needs no answer any more. */
  hush(): void;
  /** Resolves when it was rung and has been quiet for a while since, when the time is over, or when the signal aborts. */
  heard(patience: Patience, signal: AbortSignal): Promise<void>;
}

export interface Patience {
  readonly withinMs: number;
  /** After the last ring. */
  readonly quietMs: number;
  /** After the first ring at the latest, however long the burst goes on. */
  readonly mostMs: number;
}

export function createBell(): Bell {
  let isRung = false;
  let wake = (): void => undefined;
  const next = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      wake = end;
      signal.addEventListener('abort', end, { once: true });
    });
  return {
    ring() {
      isRung = true;
      wake();
    },
    hush() {
      isRung = false;
    },
    async heard({ withinMs, quietMs, mostMs }, signal) {
      if (!isRung && !signal.aborted) await next(withinMs, signal);
      if (!isRung) return;
      const untilMs = performance.now() + mostMs;
      while (isRung && !signal.aborted && performance.now() < untilMs) {
        isRung = false;
        await next(quietMs, signal);
      }
    },
  };
}

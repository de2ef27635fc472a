import { afterAll, beforeAll } from 'vitest';

const share = 100;

/** Deadlines of half a minute and more pass a hundred times as fast in this file, so that a hanging call can be waited for. */
export function shortenDeadlines(): void {
  const whole = AbortSignal.timeout;
  beforeAll(() => {
    AbortSignal.timeout = (ms) => whole.call(AbortSignal, ms >= 30_000 ? ms / share : ms);
  });
  afterAll(() => {
    AbortSignal.timeout = whole;
  });
}

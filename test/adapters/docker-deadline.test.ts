import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dockerDeadline } from '../../src/adapters/docker-deadline.ts';
import { startMs } from '../../src/platform/run-deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

it.each([
  ['start', /^The engine stands still: 0\.01 s were not enough to take the lock/],
  ['run', /time of the whole run was over/],
] as const)('ends what is asked in the %s, and says what was too long', (part, why) => {
  const deadline = dockerDeadline();
  deadline.begin(part, 10);
  const request = deadline.within(never);
  vi.advanceTimersByTime(10);
  expect(request.reason).toMatchObject({ code: 'timeout', message: expect.stringMatching(why) as string });
  deadline.end();
  expect(deadline.within(never)).toBe(never);
});

it('of the start leaves what was begun in it alone, once the run has begun', () => {
  const deadline = dockerDeadline();
  deadline.begin('start', 10);
  const lock = deadline.within(never);
  deadline.begin('run', 60_000);
  vi.advanceTimersByTime(59_999);
  expect(lock.aborted).toBe(false);
});

it.each([
  [{ forwardMs: 600_000, lockMs: 0 }, 60_000],
  [{ forwardMs: 30_000, lockMs: 0 }, 30_000],
  [{ forwardMs: 1_000, lockMs: 0 }, 20_000],
  [{ forwardMs: 1_000, lockMs: 300_000 }, 320_000],
])('the start of %j may take %i ms', (of, ms) => expect(startMs(of)).toBe(ms));

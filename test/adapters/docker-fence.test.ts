import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeFence, type Gate } from '../../src/adapters/docker-fence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gate that is looked at as often as it says, and found open or closed. */
function gateThat({ isDoubtful = false, isOpen = true } = {}): Gate & { readonly looks: () => number; isDoubtfulNow: boolean } {
  const closed = new AbortController();
  let looks = 0;
  const gate = {
    isDoubtfulNow: isDoubtful,
    closed: closed.signal,
    isDoubtful: () => gate.isDoubtfulNow,
    check: async () => {
      looks += 1;
      if (!isOpen) closed.abort();
    },
    looks: () => looks,
  };
  return gate;
}

/** The process does not run for so long (SIGSTOP, a machine that sleeps): only the wall clock goes on. */
const stopFor = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

it('asks nothing while nothing is guarded, and nothing any more when that ends', () => {
  const fence = makeFence();
  expect(fence.mayChange()).toBeUndefined();
  fence.guard(gateThat())();
  expect([fence.mayChange(), vi.getTimerCount()]).toEqual([undefined, 0]);
});

it('lets everything through an open gate without a look', async () => {
  const [fence, gate] = [makeFence(), gateThat()];
  fence.guard(gate);
  for (const ms of [0, 1_900, 60_000]) {
    await vi.advanceTimersByTimeAsync(ms);
    expect([await fence.mayChange(), gate.looks()]).toEqual([true, 0]);
  }
});

it('looks before each change when something has happened, and lets nothing through a closed gate', async () => {
  const fence = makeFence();
  const open = gateThat({ isDoubtful: true });
  fence.guard(open);
  expect([await fence.mayChange(), await fence.mayChange(), open.looks()]).toEqual([true, true, 2]);
  const closed = gateThat({ isDoubtful: true, isOpen: false });
  fence.guard(closed);
  expect([await fence.mayChange(), await fence.mayChange(), closed.looks()]).toEqual([false, false, 1]);
});

it.each([2_001, -2_001])('looks when the process stood still or its clock was set (%i ms)', async (ms) => {
  const [fence, gate] = [makeFence(), gateThat({ isOpen: false })];
  fence.guard(gate);
  stopFor(ms);
  expect([await fence.mayChange(), gate.looks()]).toEqual([false, 1]);
});

it('does not look after a pause that any process has', async () => {
  const [fence, gate] = [makeFence(), gateThat()];
  fence.guard(gate);
  stopFor(2_000);
  expect([await fence.mayChange(), gate.looks()]).toEqual([true, 0]);
});

it('looks by itself when it wakes up, without a change that asks for it; once', async () => {
  const [fence, gate] = [makeFence(), gateThat()];
  fence.guard(gate);
  stopFor(10_000);
  await vi.advanceTimersByTimeAsync(250);
  expect(gate.looks()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([await fence.mayChange(), gate.looks()]).toEqual([true, 1]);
});

it('is about the last lock that was taken: an earlier one that is given back does not open it', async () => {
  const fence = makeFence();
  const unguard = fence.guard(gateThat());
  fence.guard(gateThat({ isDoubtful: true, isOpen: false }));
  unguard();
  expect(await fence.mayChange()).toBe(false);
});

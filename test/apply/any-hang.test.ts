import { expect, it } from 'vitest';
import { cases, check, inBatches } from '../kit/failing-runs.ts';
import { passDeadline, virtualClock } from '../kit/virtual-clock.ts';

virtualClock();

it.each(['hang', 'hang-after'] as const)(
  '11: ends in the old world or in the new one when a call never answers (%s), wherever it happens',
  async (how) => {
    const ends = { old: 0, new: 0 };
    const all = (await cases(5)).flatMap((each) => Array.from({ length: each.calls }, (_, i) => ({ each, atCall: i + 1 })));
    await inBatches(all, 120, async ({ each, atCall }) => {
      ends[await check(each, { fault: { atCall, how }, hangs: (signal) => void passDeadline(signal) }, `call ${atCall} ${how}`)]++;
    });
    expect(ends.old, 'worlds that were walked back').toBeGreaterThan(20);
    expect(ends.new, 'worlds in which only the cleaning up failed').toBeGreaterThan(2);
  },
);

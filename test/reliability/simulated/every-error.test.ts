import { beforeAll, expect, it } from 'vitest';
import { casesOf, inBatches, judged, storyOf, type Case } from '../../kit/failing-runs.ts';
import type { Fault } from '../../kit/memory-engine.ts';
import { smallWorlds } from '../../kit/small-worlds.ts';
import { tally } from '../../kit/tally.ts';
import { passDeadline, virtualClock } from '../../kit/virtual-clock.ts';

virtualClock();

/** In every world of test/kit/small-worlds.ts, at each call that changes something. */
const ways: readonly (readonly [string, Fault['how']])[] = [
  ['the connection breaks before the effect', 'before'],
  ['the acknowledgement is lost', 'after'],
  ['the engine refuses', 'refused'],
  ['no answer comes, and nothing happens', 'hang'],
  ['no answer comes, though it happens', 'hang-after'],
];

let all: readonly Case[] = [];
beforeAll(async () => {
  all = await casesOf(smallWorlds());
});

it.each(ways)('wherever %s, it ends in the old world or in the new one', async (what, how) => {
  const faults = all.flatMap((each) => Array.from({ length: each.calls }, (_, i) => ({ each, atCall: i + 1 })));
  const violations: string[] = [];
  const ends = { old: 0, new: 0 };
  await inBatches(faults, 200, async ({ each, atCall }) => {
    const { end, wrong, ran } = await judged(each, { fault: { atCall, how }, hangs: (signal) => void passDeadline(signal) });
    ends[end] += 1;
    if (wrong.length > 0) violations.push(`${wrong.join('\n')}\n${storyOf(each, ran, `call ${atCall}: ${what}`)}`);
  });
  tally({
    row: 'F23',
    what: `${what}, at each call in each small world`,
    on: 'a simulated engine',
    cases: faults.length,
    violations: violations.length,
  });
  expect(violations.slice(0, 2)).toEqual([]);
  expect(ends.old).toBeGreaterThan(faults.length / 4);
  expect(ends.new).toBeGreaterThan(faults.length / 100);
});

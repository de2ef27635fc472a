import { beforeAll, expect, it } from 'vitest';
import { crash, crashStory, quiet } from '../../kit/crashing-runs.ts';
import { wrongEnd } from '../../kit/ends.ts';
import { casesOf, inBatches, type Case } from '../../kit/failing-runs.ts';
import { smallWorlds } from '../../kit/small-worlds.ts';
import { tally } from '../../kit/tally.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

virtualClock();

let all: readonly Case[] = [];
beforeAll(async () => {
  all = await casesOf(smallWorlds());
});

it('killed before and after each call in each small world, it ends in the old world or in the new one', async () => {
  const kills = all.flatMap((each) =>
    Array.from({ length: 2 * each.calls }, (_, i) => ({ each, fate: { ...quiet, countsCalls: true, diesAt: i + 1 } as const })),
  );
  const violations: string[] = [];
  await inBatches(kills, 200, async ({ each, fate }) => {
    const crashed = await crash(each, fate);
    const wrong = wrongEnd(each, crashed);
    if (wrong.length > 0) violations.push(`${wrong.join('\n')}\n${crashStory(each, fate, crashed)}`);
  });
  tally({
    row: 'F23',
    what: 'SIGKILL before and after each call in each small world',
    on: 'a simulated engine',
    cases: kills.length,
    violations: violations.length,
  });
  expect(violations.slice(0, 2)).toEqual([]);
});

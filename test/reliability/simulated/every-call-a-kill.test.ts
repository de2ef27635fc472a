import { beforeAll, expect, it } from 'vitest';
import { quiet } from '../../kit/crashing-runs.ts';
import { casesOf, type Case } from '../../kit/failing-runs.ts';
import { killed } from '../../kit/killed.ts';
import { smallWorlds } from '../../kit/small-worlds.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

virtualClock();

let all: readonly Case[] = [];
beforeAll(async () => {
  all = await casesOf(smallWorlds());
});

it('killed before and after each call in each small world, it ends in the old world or in the new one', async () => {
  const lives = all.flatMap((each) =>
    Array.from({ length: 2 * each.calls }, (_, i) => [each, [{ ...quiet, countsCalls: true, diesAt: i + 1 }]] as const),
  );
  const kills = await killed({ row: 'F23', what: 'SIGKILL before and after each call in each small world' }, lives, 200);
  expect(kills).toBe(lives.length);
});

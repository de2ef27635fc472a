import { beforeAll, expect, it } from 'vitest';
import { crash, quiet, type Fate } from '../../kit/crashing-runs.ts';
import { casesOf, type Case } from '../../kit/failing-runs.ts';
import { killed } from '../../kit/killed.ts';
import { smallWorlds } from '../../kit/small-worlds.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { runs } from '../../kit/worlds.ts';

virtualClock();

/** Of the small worlds every so manieth. */
const everySoManieth = Math.max(1, Math.round(38 / runs(1)));

/** Of the moments of a recovery every so manieth, beginning with another one each time. */
const stride = 5;

let all: readonly Case[] = [];
beforeAll(async () => {
  all = await casesOf(smallWorlds().filter((_, i) => i % everySoManieth === 0));
});

/** Each moment of a run with moments of the one that recovers it; those after that one are killed a little later. */
async function* killsOf(each: Case, i: number): AsyncGenerator<Fate> {
  const { moments } = await crash(each, quiet);
  for (let diesAt = 1; diesAt <= moments; diesAt++) {
    const goesDown = (['nothing', 'engine', 'machine'] as const)[(i + diesAt) % 3]!;
    const first: Fate = { ...quiet, diesAt, goesDown, keeps: diesAt % 3 };
    const { mended } = await crash(each, first);
    for (let second = 1 + (diesAt % stride); second <= mended; second += stride)
      yield { ...first, mendersDieAt: [second, second + 2, second + 1], elsewhere: second % 4 === 3 };
  }
}

it('killed at every moment, and whoever mends it at every moment, it ends in the old world or in the new one', async () => {
  const lives = all.map((each, i) => [each, killsOf(each, i)] as const);
  const kills = await killed({ row: 'F1', what: 'SIGKILL at each moment, and of those who recover at each of theirs' }, lives, 30);
  expect(kills).toBeGreaterThan(runs(110_000));
});

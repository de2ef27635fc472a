import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { crash, fates, quiet, type Fate } from '../../kit/crashing-runs.ts';
import { cases, type Case } from '../../kit/failing-runs.ts';
import { killed } from '../../kit/killed.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { runs, seed } from '../../kit/worlds.ts';

virtualClock();

const worlds = runs(75);

/** One recovery after the other is killed, each at a moment of its own. */
const manyDeaths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 8 });

let all: readonly { readonly each: Case; readonly fate: Fate }[] = [];
beforeAll(async () => {
  const possible = await cases(worlds);
  const moments = await Promise.all(possible.map(async (each) => (await crash(each, quiet)).moments));
  const points = possible.flatMap((each, i) => Array.from({ length: moments[i]! }, (_, at) => ({ each, diesAt: at + 1 })));
  const drawn = fc.sample(fc.tuple(fates, manyDeaths), { seed, numRuns: points.length });
  all = points.map(({ each, diesAt }, i) => ({ each, fate: { ...drawn[i]![0], mendersDieAt: drawn[i]![1], diesAt } }));
});

it('killed at every moment, and those who mend it again and again, it ends in the old world or in the new one', async () => {
  const lives = all.map(({ each, fate }) => [each, [fate]] as const);
  const kills = await killed({ row: 'F1', what: 'SIGKILL at each moment, and of those who recover' }, lives, 60);
  expect(kills).toBeGreaterThan(runs(60_000));
});

import { beforeAll, expect, it } from 'vitest';
import { cases } from '../../kit/failing-runs.ts';
import { seededBugs } from '../../kit/seeded-bugs.ts';
import { trialsOf, type Trial } from '../../kit/trials.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

virtualClock();

let trials: readonly Trial[] = [];
beforeAll(async () => {
  trials = trialsOf(await cases(60));
});

it('without a mistake nothing is wrong', async () => {
  for (const [i, trial] of trials.entries()) expect(await trial({}), `trial ${i}`).toEqual([]);
  expect(trials.length).toBeGreaterThan(500);
});

it.each(seededBugs.map((bug) => [bug.name, bug] as const))('it is found that %s', async (_name, { seed, ...bug }) => {
  const takeOut = seed?.();
  try {
    expect(await firstFound(bug), 'the trial that finds it').toBeDefined();
  } finally {
    takeOut?.();
  }
});

/** A bug may also end in a throw that no run should end in. */
async function firstFound(bug: Parameters<Trial>[0]): Promise<number | undefined> {
  for (const [i, trial] of trials.entries()) {
    const wrong = await trial(bug).catch((error: unknown) => [String(error)]);
    if (wrong.length > 0) return i + 1;
  }
  return undefined;
}

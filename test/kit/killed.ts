import { expect } from 'vitest';
import { crash, crashStory, type Fate } from './crashing-runs.ts';
import { wrongEnd } from './ends.ts';
import { inBatches, type Case } from './failing-runs.ts';
import { tally, type Tally } from './tally.ts';

/** A run, and each fate that it is to meet. */
export type Lives = readonly [each: Case, fates: Iterable<Fate> | AsyncIterable<Fate>];

/**
 * Lets each run meet its fates, so many runs side by side, and counts them for the fault table. Expects each to end in the old world or
 * in the new one. How often somebody was killed: the runs, and those who mended them.
 */
export async function killed(row: Pick<Tally, 'row' | 'what'>, all: readonly Lives[], size: number): Promise<number> {
  const violations: string[] = [];
  let kills = 0;
  await inBatches(all, size, async ([each, fates]) => {
    for await (const fate of fates) {
      const crashed = await crash(each, fate);
      kills += 1 + crashed.died;
      const wrong = wrongEnd(each, crashed);
      if (wrong.length > 0) violations.push(`${wrong.join('\n')}\n${crashStory(each, fate, crashed)}`);
    }
  });
  tally({ ...row, on: 'a simulated engine', cases: kills, violations: violations.length });
  expect(violations.slice(0, 2)).toEqual([]);
  return kills;
}

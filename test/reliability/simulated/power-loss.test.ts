import { expect, it } from 'vitest';
import { judgePowerCuts, type Judged } from '../../kit/power-loss-judge.ts';
import { shortPlans } from '../../kit/short-plans.ts';
import { tally } from '../../kit/tally.ts';
import { runs } from '../../kit/worlds.ts';

/**
 * Every plan of one and two actions, and of three of few kinds (test/kit/short-plans.ts), each valid sequence of them; the power goes before each change of the
 * disk and of the engine; of what was not synced every subset is there, and the last write is torn at so many places at most.
 */
const deep = runs(1) > 1;
const depths = [
  { actions: 1, mostCuts: runs(20), again: 1, kinds: 'all' },
  { actions: 2, mostCuts: runs(2), again: 0, kinds: 'all' },
  { actions: 3, mostCuts: runs(1), again: 0, kinds: deep ? 'all' : 'few' },
] as const;

it.each(depths)(
  'after a power cut in a plan of $actions actions it is the old world or the new one',
  async ({ actions, kinds, ...how }) => {
    const all: Judged = { states: 0, recoveries: 0, wrong: [] };
    const plans = shortPlans(actions, kinds);
    for (const plan of plans) {
      const { states, recoveries, wrong } = await judgePowerCuts({ plan, ...how });
      all.states += states;
      all.recoveries += recoveries;
      all.wrong.push(...wrong);
    }
    tally({
      row: 'F3',
      what: `power loss in each plan of ${actions} actions`,
      on: 'a simulated engine',
      cases: all.states,
      violations: all.wrong.length,
    });
    expect(all.wrong.slice(0, 3)).toEqual([]);
    expect(all.recoveries).toBeGreaterThan(plans.length * 5);
  },
);

import { describe, expect, it } from 'vitest';
import { cases, check, inBatches, isAwaitedJob, well, type Case } from '../kit/failing-runs.ts';
import type { Fault, MemoryOptions } from '../kit/memory-engine.ts';
import type { Behaviour } from '../kit/memory-behaviour.ts';
import { runPlan } from '../kit/runs.ts';
import { run } from '../kit/simulated.ts';
import { passDeadline, virtualClock } from '../kit/virtual-clock.ts';
import { imageNamed } from '../kit/world-machine.ts';

// No pause before a second try or look is waited out: these were nine tenths of the time that this file took
virtualClock();

/** The new container of that service behaves like that, all others well. */
function badly({ world }: Case, bad: string, behaviour: Behaviour): Pick<MemoryOptions, 'behaves' | 'hangs'> {
  const neverEnds = behaviour.exits === undefined && isAwaitedJob(world.desired, bad);
  return {
    behaves: (seen) => (seen.service === bad && seen.run === run ? { ...behaviour, neverEnds } : well(world)(seen)),
    hangs: (signal) => void passDeadline(signal),
  };
}

describe('11: ends in the old world or in the new one', () => {
  it.each<readonly [Fault['how'], number]>([
    ['before', 25],
    ['after', 25],
    ['refused', 10],
  ])('when a call fails (%s), wherever it fails', async (how, worlds) => {
    const ends = { old: 0, new: 0 };
    const all = (await cases(worlds)).flatMap((each) => Array.from({ length: each.calls }, (_, i) => ({ each, atCall: i + 1 })));
    await inBatches(all, 40, async ({ each, atCall }) => {
      ends[await check(each, { fault: { atCall, how } }, `call ${atCall} ${how}`)]++;
    });
    expect(ends.old, 'worlds that were walked back').toBeGreaterThan(30);
    expect(ends.new, 'worlds in which only the cleaning up failed').toBeGreaterThan(2);
  });

  it.each<readonly [string, Behaviour]>([
    ['is unhealthy', { health: 'unhealthy' }],
    ['exits with 1', { exits: 1 }],
  ])('when a new container %s, whichever it is', async (_name, behaviour) => {
    const ends = { old: 0, new: 0 };
    const all = (await cases(25)).flatMap((each) => Object.keys(each.world.desired.services).map((bad) => ({ each, bad })));
    await inBatches(all, 40, async ({ each, bad }) => {
      ends[await check(each, badly(each, bad, behaviour), `${bad} ${JSON.stringify(behaviour)}`)]++;
    });
    expect(ends.old, 'worlds that were walked back').toBeGreaterThan(4);
  });

  it.each(['before', 'after'] as const)(
    'when a new container is unhealthy, and a call fails (%s) on the way forward or back',
    async (how) => {
      const ends = { old: 0, new: 0 };
      const all = (await cases(3)).flatMap((each) => Object.keys(each.world.desired.services).map((bad) => ({ each, bad })));
      for (const { each, bad } of all) {
        const sick = badly(each, bad, { health: 'unhealthy' });
        const { engine } = await runPlan(each.made, each.world.observed, { ...sick, registry: imageNamed });
        const calls = Array.from({ length: engine.calls.length }, (_, i) => i + 1);
        await inBatches(calls, 40, async (atCall) => {
          ends[await check(each, { ...sick, fault: { atCall, how } }, `${bad} is unhealthy, call ${atCall} ${how}`)]++;
        });
      }
      expect(ends.old, 'worlds that were walked back').toBeGreaterThan(30);
    },
  );
});

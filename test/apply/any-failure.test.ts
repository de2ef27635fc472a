import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { worldText } from '../kit/world-text.ts';
import type { Behaviour } from '../kit/memory-machine.ts';
import type { Fault, MemoryOptions } from '../kit/memory-engine.ts';
import { runPlan } from '../kit/runs.ts';
import { allUp } from '../kit/satisfies.ts';
import { shortenDeadlines } from '../kit/short-clock.ts';
import { run } from '../kit/simulated.ts';
import { standing } from '../kit/standing.ts';
import { imageNamed } from '../kit/world-machine.ts';
import { possibleWorlds, seed, type World } from '../kit/worlds.ts';

shortenDeadlines();

interface Case {
  readonly world: World;
  readonly made: Plan;
  /** How many calls it takes when nothing goes wrong. */
  readonly calls: number;
}

/** A one-shot that is waited for ends well; all else runs and is healthy. */
const well = ({ desired }: World): NonNullable<MemoryOptions['behaves']> => ({ service }): Behaviour => (isAwaitedJob(desired, service) ? { exits: 0 } : {});

const isAwaitedJob = ({ services }: World['desired'], name: string): boolean =>
  Object.values(services).some(({ dependsOn }) => dependsOn.some((need) => need.service === name && need.condition === 'service_completed_successfully'));

/** Jobs have done their work before, so that none ends by itself in the middle of a run and looks like a difference. */
function rested({ desired, observed }: World): World {
  const containers = Object.entries(observed.containers).map(([name, seen]) => [name, isAwaitedJob(desired, seen.service) ? { ...seen, state: { ...seen.state, status: 'exited', exitCode: 0 } } : seen] as const);
  return { desired, observed: { ...observed, containers: Object.fromEntries(containers) as Observed['containers'] } };
}

const cases = async (count: number): Promise<Case[]> => {
  const worlds = fc.sample(possibleWorlds, { seed, numRuns: count }).map(rested);
  const made = worlds.map((world) => ({ world, made: plan(world.desired, world.observed) })).filter((each) => each.made.steps.length > 0);
  return Promise.all(
    made.map(async (each) => {
      const { result, engine } = await runPlan(each.made, each.world.observed, { behaves: well(each.world), registry: imageNamed });
      expect(result, worldText(each.world)).toBe('applied');
      expect(allUp(engine.now(), each.world.desired)).toEqual([]);
      return { ...each, calls: engine.calls.length };
    }),
  );
};

/** After anything at all the machine is as it was, or all that is wanted is up; and the result says which. */
async function check({ world, made }: Case, options: MemoryOptions, what: string): Promise<'old' | 'new'> {
  const { result, engine, events } = await runPlan(made, world.observed, { behaves: well(world), registry: imageNamed, ...options });
  const story = (): string => `${worldText(world)}\n${what}: ${result}\n${engine.calls.join('\n')}\n${JSON.stringify(events.filter(({ type }) => type === 'rollback-ended' || type === 'rollback-started'))}`;
  if (result === 'applied' || result === 'not-cleaned-up') {
    expect(allUp(engine.now(), world.desired), story()).toEqual([]);
    return 'new';
  }
  expect(['rolled-back', 'untouched'], story()).toContain(result);
  expect(standing(engine.now()), story()).toEqual(standing(world.observed));
  return 'old';
}

async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += size) await Promise.all(items.slice(i, i + size).map(work));
}

describe('11: ends in the old world or in the new one', () => {
  it.each<readonly [Fault['how'], number]>([
    ['before', 50],
    ['after', 50],
    ['refused', 20],
    ['hang', 15],
    ['hang-after', 15],
  ])('when a call fails (%s), wherever it fails', async (how, worlds) => {
    const ends = { old: 0, new: 0 };
    const all = (await cases(worlds)).flatMap((each) => Array.from({ length: each.calls }, (_, i) => ({ each, atCall: i + 1 })));
    await inBatches(all, 40, async ({ each, atCall }) => {
      ends[await check(each, { fault: { atCall, how } }, `call ${atCall} ${how}`)]++;
    });
    expect(ends.old, 'worlds that were walked back').toBeGreaterThan(50);
    expect(ends.new, 'worlds in which only the cleaning up failed').toBeGreaterThan(5);
  });

  it.each<readonly [string, Behaviour]>([
    ['is unhealthy', { health: 'unhealthy' }],
    ['exits with 1', { exits: 1 }],
  ])('when a new container %s, whichever it is', async (_name, behaviour) => {
    const ends = { old: 0, new: 0 };
    const all = (await cases(60)).flatMap((each) => Object.keys(each.world.desired.services).map((bad) => ({ each, bad })));
    await inBatches(all, 40, async ({ each, bad }) => {
      const behaves: MemoryOptions['behaves'] = (seen) => (seen.service === bad && seen.run === run ? behaviour : well(each.world)(seen));
      ends[await check(each, { behaves }, `${bad} ${JSON.stringify(behaviour)}`)]++;
    });
    expect(ends.old, 'worlds that were walked back').toBeGreaterThan(5);
  });
});

import fc from 'fast-check';
import { expect } from 'vitest';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { shownText } from '../../src/model/text.ts';
import { plan } from '../../src/plan/plan.ts';
import type { MemoryEngine, MemoryOptions } from './memory-engine.ts';
import type { Behaviour } from './memory-behaviour.ts';
import { lostContents, lostData, notAsBefore, temporary } from './ends.ts';
import { runPlan, type Ran } from './runs.ts';
import { allUp, complaints } from './satisfies.ts';
import { imageNamed } from './world-machine.ts';
import { worldText } from './world-text.ts';
import { possibleWorlds, runs, seed, type World } from './worlds.ts';

export interface Case {
  readonly world: World;
  readonly made: Plan;
  /** How many calls it takes when nothing goes wrong. */
  readonly calls: number;
}

/** A one-shot that is waited for ends well; all else runs and is healthy. */
export const well =
  ({ desired }: World): NonNullable<MemoryOptions['behaves']> =>
  ({ service }): Behaviour =>
    isAwaitedJob(desired, service) ? { exits: 0 } : {};

/** Whether others wait for it to end. */
export const isAwaitedJob = ({ services }: World['desired'], name: string): boolean =>
  Object.values(services).some(({ dependsOn }) =>
    dependsOn.some((need) => need.service === name && need.condition === 'service_completed_successfully'),
  );

/** Jobs have done their work before, so that none ends by itself in the middle of a run and looks like a difference. */
function rested({ desired, observed }: World): World {
  const containers = Object.entries(observed.containers).map(
    ([name, seen]) =>
      [name, isAwaitedJob(desired, seen.service) ? { ...seen, state: { ...seen.state, status: 'exited', exitCode: 0 } } : seen] as const,
  );
  return { desired, observed: { ...observed, containers: Object.fromEntries(containers) as Observed['containers'] } };
}

/** Random worlds with something to do, whose plan ends well when nothing goes wrong. */
export const cases = async (count: number): Promise<Case[]> =>
  casesOf(fc.sample(possibleWorlds, { seed, numRuns: runs(count) }).map(rested));

/** Of these worlds, those with something to do. Expects of each that its plan ends well when nothing goes wrong. */
export const casesOf = async (worlds: readonly World[]): Promise<Case[]> => {
  const made = worlds.map((world) => ({ world, made: plan(world.desired, world.observed) })).filter((each) => each.made.steps.length > 0);
  return Promise.all(
    made.map(async (each) => {
      const ran = await runPlan(each.made, each.world.observed, { behaves: well(each.world), registry: imageNamed });
      const { result, engine, events } = ran;
      const failed = events.filter((event) => event.type === 'step-ended' && !['done', 'unchanged'].includes(event.outcome.status));
      if (result !== 'applied') expect(result, storyOf({ ...each, calls: 0 }, ran, JSON.stringify(failed.slice(0, 2)))).toBe('applied');
      expect(allUp(engine.now(), each.world.desired)).toEqual([]);
      return { ...each, calls: engine.calls.length };
    }),
  );
};

export interface Judged {
  readonly end: 'old' | 'new';
  /** Empty if all is well. */
  readonly wrong: readonly string[];
  readonly ran: Ran;
}

/** After anything at all the machine is as it was, or all that is wanted is up; and the result says which. */
export async function judged({ world, made }: Case, options: Parameters<typeof runPlan>[2]): Promise<Judged> {
  const ran = await runPlan(made, world.observed, { behaves: well(world), registry: imageNamed, ...options });
  const { result, engine } = ran;
  const now = engine.now();
  const unhooked = withoutHooks(engine, world);
  if (result === 'applied' || result === 'not-cleaned-up') {
    // A limit where there was none is set last, because nothing can take it away again
    const cleaned = [...complaints(now, world.desired), ...temporary(now, world.observed)];
    const missing = result === 'applied' ? cleaned : allUp(now, world.desired).filter((each) => !each.includes(': resources is '));
    return { end: 'new', wrong: [...unhooked, ...missing, ...lostData(world.observed, now)], ran };
  }
  const kept = keptVolumes(now, world.observed);
  const told = kept.length > 0 ? ['not-fully-rolled-back'] : ['rolled-back', 'untouched'];
  const wrong = [
    ...unhooked,
    ...(told.includes(result) ? [] : [`it says ${result}`]),
    ...kept.filter((name) => !wasStartedWith(name, engine.calls, world)).map((name) => `volume ${name} is left`),
    ...notAsBefore(world.observed, now, kept),
    ...lostContents(world, engine),
  ];
  return { end: 'old', wrong, ran };
}

/** The same as an expectation, with its whole story if it does not hold. */
export async function check(each: Case, options: MemoryOptions, what: string): Promise<'old' | 'new'> {
  const { end, wrong, ran } = await judged(each, options);
  if (wrong.length > 0) expect(wrong, storyOf(each, ran, what)).toEqual([]);
  return end;
}

export function storyOf({ world }: Case, { result, engine, events }: Ran, what: string): string {
  const back = events.filter(({ type }) => type === 'rollback-ended' || type === 'rollback-started');
  return `${worldText(world)}\n${what}: ${result}\n${engine.calls.join('\n')}\n${JSON.stringify(back)}`;
}

/** What was started in a run and runs, but without its hooks having been run in it since. */
export function withoutHooks({ machine }: MemoryEngine, { desired }: Pick<World, 'desired'>): string[] {
  return [...machine.containers.values()].flatMap(({ seen, hooked }) => {
    const { post_start = [] } = seen.edited ? seen.settings : (desired.services[seen.service]?.settings ?? {});
    const hooks = post_start.map(({ command }) => command.slice(1).map(shownText).join(' '));
    const missed = hooks.filter((hook) => hooked && !hooked.includes(hook));
    return seen.state.status === 'running' ? missed.map((hook) => `${seen.name} runs without its hook "${hook}"`) : [];
  });
}

/** Volumes of this run that stay: only what a program could have written to. */
const keptVolumes = (now: Observed, before: Observed): string[] => Object.keys(now.volumes).filter((name) => !before.volumes[name]);

const wasStartedWith = (volume: string, calls: readonly string[], { desired }: World): boolean =>
  Object.values(desired.services).some(
    ({ settings, replicas }) =>
      settings.volumes?.some(({ source, read_only }) => source === volume && !read_only) &&
      replicas.some(({ name }) => calls.includes(`start ${name}`)),
  );

export async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += size) await Promise.all(items.slice(i, i + size).map(work));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/actions/index.ts';
import { canonical } from '../../src/lib/canonical.ts';
import { once } from '../../src/lib/once.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan, Step } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { complaints, meets } from '../kit/satisfies.ts';
import { anyOrder, before, run, simulateAll, simulated } from '../kit/simulated.ts';
import { standing } from '../kit/standing.ts';
import { choices, runs, seed, settledWorlds, worlds, type World } from '../kit/worlds.ts';

/** Worlds that each law is held against. */
const numRuns = runs(1000);

type Law = (world: World, made: Plan) => void;

/** Those that say something of any plan for any world. */
const laws = new Map<string, Law>();

/** How many worlds are drawn at once. */
const batch = 1000;

/** Holds all of them against the same worlds, each of which is drawn and planned once: what broke each law first. */
const broken = once((): ReadonlyMap<string, unknown> => {
  const found = new Map<string, unknown>();
  for (let drawn = 0; drawn < numRuns; drawn += batch) {
    for (const world of fc.sample(worlds, { seed: seed + drawn, numRuns: Math.min(batch, numRuns - drawn) })) holdAll(world, found);
  }
  return found;
});

function holdAll(world: World, found: Map<string, unknown>): void {
  const made = plan(world.desired, world.observed);
  for (const [name, holds] of [...laws].filter(([each]) => !found.has(each))) {
    try {
      holds(world, made);
    } catch (error) {
      found.set(name, error);
    }
  }
}

/** A law of every plan; broken, it is tried again on its own for the smallest world that breaks it. */
function law(name: string, holds: Law): void {
  laws.set(name, holds);
  it(name, () => {
    if (!broken().has(name)) return;
    fc.assert(
      fc.property(worlds, (world) => holds(world, plan(world.desired, world.observed))),
      { seed, numRuns },
    );
    throw broken().get(name);
  });
}

const isRefused = ({ problems }: Plan): boolean => problems.some(({ severity }) => severity === 'error');

describe('every plan', () => {
  law('has no steps when something is in its way', (_world, made) => {
    if (isRefused(made)) expect(made.steps).toEqual([]);
  });

  law('1: converges: once carried out, all is as wanted and nothing is left to do', ({ desired, observed }, made) => {
    if (isRefused(made)) return;
    const after = simulateAll(made.steps, observed);
    expect(complaints(after, desired)).toEqual([]);
    const again = plan(withoutBuilding(desired), after);
    expect(again.changes).toEqual([]);
    expect(again.steps).toEqual([]);
  });

  it('2: is quiet: what is already there needs nothing', () => {
    fc.assert(
      fc.property(settledWorlds, ({ desired, observed }) => {
        const made = plan(withoutBuilding(desired), observed);
        expect(made.changes).toEqual([]);
        expect(made.steps).toEqual([]);
      }),
      { seed, numRuns },
    );
  });

  it('3: never meets its own guards, in any order that it allows', () => {
    fc.assert(
      fc.property(worlds, choices, ({ desired, observed }, chosen) => {
        let now = observed;
        for (const step of anyOrder(plan(desired, observed), chosen)) {
          if (!isSkipped(step, now)) expect(definitionOf(step.action).guard(step.action.args, now, run), step.id).toBeUndefined();
          now = simulated(step, now);
        }
      }),
      { seed, numRuns },
    );
  });

  law('4: starts nothing before what it depends on is as its condition says', ({ desired, observed }, made) => {
    const stays = new Set(Object.values(simulateAll(made.steps, observed).containers).map(({ id }) => id));
    for (const step of made.steps.filter(({ action, service }) => action.kind === 'container.start' && service)) {
      const earlier = before(made, step.id);
      // Only what must have come before: the earliest moment at which it can start
      const now = simulateAll(
        made.steps.filter(({ id }) => earlier.has(id)),
        observed,
      );
      for (const { service, condition } of desired.services[step.service!]!.dependsOn) {
        for (const { number } of desired.services[service]!.replicas) {
          const good = Object.values(now.containers).some(
            (each) => each.service === service && each.number === number && stays.has(each.id) && meets(condition, each),
          );
          expect(good, `${step.id} needs ${service} ${number} (${condition})`).toBe(true);
        }
      }
    }
  });

  law('5: starts nothing without waiting at its gate', (_world, { steps }) => {
    const stopped = targetsOf(steps, 'container.stop');
    // What is only woken to be stopped needs no gate
    const started = steps.filter(
      ({ action }) =>
        ['container.start', 'container.restart'].includes(action.kind) ||
        (action.kind === 'container.unpause' && !stopped.includes(definitionOf(action).target(action.args))),
    );
    const gates = targetsOf(steps, 'service.await');
    for (const { action } of started) expect(gates).toContain(definitionOf(action).target(action.args));
  });

  law('6: throws nothing away before the last gate', ({ observed }, made) => {
    const gates = made.steps.filter(({ action }) => action.kind === 'service.await');
    let now = observed;
    for (const step of made.steps) {
      const undo = isSkipped(step, now) ? 'not-needed' : definitionOf(step.action).undo(step.action.args, now);
      if (typeof undo === 'object' && 'lost' in undo) expect(step.stage, step.id).toBe('discard');
      if (step.stage === 'discard') expect([...before(made, step.id)], step.id).toEqual(expect.arrayContaining(gates.map(({ id }) => id)));
      now = simulated(step, now);
    }
  });

  law('8: touches only what is ours', ({ desired, observed }, { steps }) => {
    const ours = Object.values(observed.containers).filter(
      ({ service, files }) =>
        desired.services[service] || (!desired.inactiveServices.includes(service) && files.every((file) => desired.files.includes(file))),
    );
    const foreign = [
      ...Object.keys(observed.others),
      ...Object.values(observed.containers)
        .filter((each) => !ours.includes(each))
        .map(({ name }) => name),
    ];
    for (const { action } of steps) {
      for (const touch of definitionOf(action).touches(action.args)) {
        if (touch.kind === 'container') expect(foreign).not.toContain(touch.name);
        // Of a volume that is there only the files are touched, and only where something is declared of them
        const onlyReads = /^volume\.(room|backup)$/.test(action.kind);
        if (touch.kind === 'volume' && observed.volumes[touch.name] && !onlyReads) {
          expect(action.kind).toMatch(/^volume\.(own|remove-files)$/);
          expect(observed.volumes[touch.name]?.stack).toBe(desired.stack);
        }
        if (touch.kind === 'network' && observed.networks[touch.name]) expect(observed.networks[touch.name]?.stack).toBe(desired.stack);
      }
    }
  });

  law('removes no volume, not even one of its own, that it did not make: only a person who names one allows that', (world, { steps }) => {
    for (const { action } of steps) {
      const { touches, simulate } = definitionOf(action);
      const volumes = touches(action.args).filter(({ kind }) => kind === 'volume');
      for (const { name } of volumes) {
        if (world.observed.volumes[name]) expect(simulate(action.args, world.observed, run).volumes[name], name).toBeDefined();
      }
    }
  });

  law('9: is plain data', (_world, made) => expect(JSON.parse(JSON.stringify(made))).toStrictEqual(made));

  law('10: does not depend on the order of keys', ({ desired, observed }, made) =>
    expect(canonical(plan(turned(desired), turned(observed)))).toBe(canonical(made)),
  );
});

describe('every action', () => {
  it('7: is undone by its undo, alone and as the end of a walk back', () => {
    fc.assert(
      fc.property(worlds, choices, ({ desired, observed }, chosen) => {
        const back: ((now: Observed) => Observed)[] = [];
        let now = observed;
        for (const step of anyOrder(plan(desired, observed), chosen).filter(
          ({ stage, action }) => stage !== 'discard' && action.kind !== 'service.await',
        )) {
          const undo = isSkipped(step, now) ? 'not-needed' : definitionOf(step.action).undo(step.action.args, now);
          const after = simulated(step, now);
          if (typeof undo === 'object' && 'kind' in undo) {
            const undone = (from: Observed): Observed => definitionOf(undo).simulate(undo.args, from, run);
            expect(standing(undone(after)), step.id).toEqual(standing(now));
            expect(definitionOf(undo).guard(undo.args, after, run), `undo of ${step.id}`).toBeUndefined();
            back.unshift(undone);
          }
          now = after;
        }
        expect(standing(back.reduce((from, undo) => undo(from), now))).toEqual(standing(observed));
      }),
      { seed, numRuns },
    );
  });
});

const targetsOf = (steps: readonly Step[], kind: string): string[] =>
  steps.filter(({ action }) => action.kind === kind).map(({ action }) => definitionOf(action).target(action.args));

const isSkipped = ({ unlessImage }: Step, now: Observed): boolean =>
  unlessImage !== undefined && now.images[unlessImage.reference]?.id === unlessImage.id;

/** A build that is asked for each time is never nothing to do. */
function withoutBuilding(desired: World['desired']): World['desired'] {
  const services = Object.entries(desired.services).map(([name, each]) => [name, { ...each, pullPolicy: 'missing' as const }]);
  return { ...desired, services: Object.fromEntries(services) as World['desired']['services'] };
}

/** The same value with the keys of every object the other way round. */
function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  ) as T;
}

import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observed } from '../../src/model/observed.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { idOf, seen, seenNetwork, seenVolume, service } from './builders.ts';
import { crash, fates } from './crashing-runs.ts';
import { wrongEnd } from './ends.ts';
import { judged, well, type Case } from './failing-runs.ts';
import type { MemoryEngine, MemoryOptions } from './memory-engine.ts';
import { allUp } from './satisfies.ts';
import type { SeededBug } from './seeded-bugs.ts';
import { run } from './simulated.ts';
import { seed } from './worlds.ts';

/** One way to try a run; gives what is wrong at its end. */
export type Trial = (bug: Omit<SeededBug, 'name'>) => Promise<readonly string[]>;

/** Kills, faults, programs that fail and others who interfere, in turn over these worlds. */
export const trialsOf = (all: readonly Case[]): Trial[] => {
  const kinds = [kills(all), faults(all), failures(all), all.flatMap(interferences)];
  const most = Math.max(...kinds.map(({ length }) => length));
  return Array.from({ length: most }, (_, i) => kinds.flatMap((kind) => kind[i] ?? [])).flat();
};

function kills(all: readonly Case[]): Trial[] {
  const drawn = fc.sample(fc.record({ fate: fates, diesAt: fc.integer({ min: 1, max: 60 }) }), { seed, numRuns: all.length * 6 });
  return drawn.map(({ fate, diesAt }, i) => async (bug) => {
    const each = all[i % all.length]!;
    return wrongEnd(each, await crash(each, { ...fate, diesAt }, bug));
  });
}

const faults = (all: readonly Case[]): Trial[] =>
  all.flatMap((each) =>
    (['before', 'after', 'refused'] as const).flatMap((how, i) =>
      Array.from({ length: 3 }, (_, at): Trial => {
        const atCall = ((at * 5 + i * 2) % each.calls) + 1;
        return (bug) => wrongOf(each, bug, { fault: { atCall, how } });
      }),
    ),
  );

const failures = (all: readonly Case[]): Trial[] =>
  all.flatMap((each) =>
    Object.keys(each.world.desired.services).map((bad): Trial => {
      const behaves: MemoryOptions['behaves'] = (one) =>
        one.service === bad && one.run === run
          ? 'exits' in well(each.world)(one)
            ? { exits: 1 }
            : { health: 'unhealthy' }
          : well(each.world)(one);
      return async (bug) => {
        const { end, wrong, ran } = await judged(each, { ...withBug(bug), behaves });
        // What a gate should have waited for comes soon
        for (let turn = 0; turn < 2; turn++) await nextTurn();
        return end === 'new' ? [...wrong, ...allUp(ran.engine.now(), each.world.desired)] : wrong;
      };
    }),
  );

/** Somebody makes something of that name: right before the call that was to make it, or before all began. */
function interferences(each: Case): Trial[] {
  return each.made.steps.flatMap(({ action: { kind }, id }): Trial[] => {
    const name = id.slice(kind.length + 1);
    const theirs = theirsOf(kind, name);
    if (!theirs) return [];
    const call = `${kind === 'container.create' ? 'create' : `create ${kind.split('.')[0] ?? ''}`} ${name}`;
    // A name that a container of the stack has cannot be taken before it gives it back
    const moments = kind === 'container.create' ? [false] : [false, true];
    return moments.map((early) => async (bug) => {
      const meddle = (at: number, engine: MemoryEngine): void => {
        if (early ? at === 1 : engine.calls.at(-1) === call) theirs.put(engine);
      };
      const { ran } = await judged(each, { wraps: (engine) => (early ? makingNothing : same)(bug.engine?.(engine) ?? engine), meddle });
      const took = ran.engine.calls.includes(call) || early;
      return took && !theirs.isThere(ran.engine.now(), ran.engine) ? [`${id}: theirs is gone`] : [];
    });
  });
}

const same = (engine: Engine): Engine => engine;

/** So that a run which does not mind what was there before goes back all the same. */
const makingNothing = (engine: Engine): Engine => ({
  ...engine,
  createContainer: () => Promise.reject(new EngineError('refused', 'It makes no container')),
});

interface Theirs {
  put(engine: MemoryEngine): void;
  isThere(now: Observed, engine: MemoryEngine): boolean;
}

function theirsOf(kind: string, name: string): Theirs | undefined {
  const id = idOf(`theirs ${name}`);
  const is = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  switch (kind) {
    case 'volume.create': {
      const volume = seenVolume(name, { stack: 'blog' });
      return { put: ({ machine }) => void machine.volumes.set(name, volume), isThere: (now) => is(now.volumes[name], volume) };
    }
    case 'network.create': {
      const network = seenNetwork(name, { stack: 'blog', id });
      return {
        put: ({ machine }) => void machine.networks.set(id, network),
        isThere: (_now, { machine }) => is(machine.networks.get(id), network),
      };
    }
    case 'container.create': {
      const container = seen(service('theirs'), { name, id });
      const put = ({ machine }: MemoryEngine): void => void machine.containers.set(id, { seen: container, stack: 'shop', joins: {} });
      return { put, isThere: (_now, { machine }) => is(machine.containers.get(id)?.seen, container) };
    }
    default:
      return undefined;
  }
}

const wrongOf = async (each: Case, bug: Omit<SeededBug, 'name'>, options: Parameters<typeof judged>[1]): Promise<readonly string[]> =>
  (await judged(each, { ...withBug(bug), ...options })).wrong;

const withBug = ({ engine }: Omit<SeededBug, 'name'>): { readonly wraps?: NonNullable<SeededBug['engine']> } =>
  engine ? { wraps: engine } : {};

import { apply } from '../../src/apply/apply.ts';
import type { ApplyContext } from '../../src/apply/context.ts';
import type { ApplyEvent, RunResult } from '../../src/model/event.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { ends } from './light-signal.ts';
import { memoryBackups, type MemoryBackups } from './memory-backups.ts';
import { memoryEngine, type MemoryEngine, type MemoryOptions } from './memory-engine.ts';
import { run } from './simulated.ts';

export interface Ran {
  readonly result: RunResult;
  readonly events: readonly ApplyEvent[];
  readonly engine: MemoryEngine;
}

export const never = new AbortController().signal;

const stores = new WeakMap<MemoryEngine, MemoryBackups>();

/** All that act on one engine keep their backups in one place. */
export function backupsOf(engine: MemoryEngine): MemoryBackups {
  const store = stores.get(engine) ?? memoryBackups();
  stores.set(engine, store);
  return store;
}

/** What apply works with, on an engine in memory. Its signals are its own: what listens to one that outlives it is never freed. */
export function contextOn(
  engine: MemoryEngine,
  before: Observed,
  more: Partial<Omit<ApplyContext, 'sight'>> = {},
): Omit<ApplyContext, 'sight'> {
  return {
    engine,
    host: {
      listeners: async () => [],
      whyUnseen: () => undefined,
      answers: async () => 'yes',
      endProcess: async () => ({ by: 'SIGTERM' }),
    },
    backups: backupsOf(engine),
    run,
    limit: 4,
    cancel: ends.make().signal,
    abandon: ends.make().signal,
    noRollback: false,
    before,
    look: async () => engine.now(),
    emit: async () => undefined,
    onBug: (error) => {
      throw error;
    },
    ...more,
  };
}

interface Telling extends Partial<Omit<ApplyContext, 'emit' | 'sight'>> {
  /** Hears every event as it happens; may throw, as a journal that cannot be written does. */
  on?(event: ApplyEvent): void;
  /** What the run gets in place of the engine. */
  wraps?(engine: Engine): Engine;
}

/** Applies a plan to a machine in memory, and tells all that happened. */
export async function runPlan(
  plan: Plan,
  before: Observed,
  { on, wraps, behaves, fault, meddle, hangs, registry, ...context }: MemoryOptions & Telling = {},
): Promise<Ran> {
  const events: ApplyEvent[] = [];
  const engine = memoryEngine(before, {
    ...(behaves && { behaves }),
    ...(fault && { fault }),
    ...(meddle && { meddle }),
    ...(hangs && { hangs }),
    ...(registry && { registry }),
  });
  const emit = async (event: ApplyEvent): Promise<void> => {
    events.push(event);
    on?.(event);
  };
  const result = await apply(plan, contextOn(engine, before, { ...context, emit, ...(wraps && { engine: wraps(engine) }) }));
  return { result, events, engine };
}

/** How each step ended: "container.start shop-web-1: done". */
export const outcomes = ({ events }: Pick<Ran, 'events'>): string[] =>
  events.flatMap((event) => (event.type === 'step-ended' ? [`${event.step.id}: ${event.outcome.status}`] : []));

export const endOf = <Type extends ApplyEvent['type']>(
  { events }: Pick<Ran, 'events'>,
  type: Type,
): Extract<ApplyEvent, { readonly type: Type }> | undefined =>
  events.find((event): event is Extract<ApplyEvent, { readonly type: Type }> => event.type === type);

import { interruptedRun, type Interrupted } from '../../src/apply/interrupted.ts';
import { goBack, type RecoverContext } from '../../src/apply/recover.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import { before, type Left } from './interrupted-runs.ts';
import { contextOn } from './runs.ts';

export interface Recovered {
  readonly result: string;
  readonly events: readonly ApplyEvent[];
  readonly interrupted: Interrupted;
}

/** What came of a recovery of that run, on its engine. */
export async function recovered({ engine, records }: Left, how: typeof goBack, more: Partial<RecoverContext> = {}): Promise<Recovered> {
  const events: ApplyEvent[] = [];
  const interrupted = interruptedRun(records);
  const context: RecoverContext = {
    ...contextOn(engine, before),
    deadlineMs: 60_000,
    settleMs: 0,
    jobs: [],
    emit: async (event) => void events.push(event),
    ...more,
  };
  return { result: await how(interrupted, context), events, interrupted };
}

/** What was told, each step by its id. */
export const types = ({ events }: Pick<Recovered, 'events'>): string[] =>
  events.map((event) => ('step' in event ? `${event.type} ${event.step.id}` : event.type));

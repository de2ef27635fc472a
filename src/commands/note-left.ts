import { definitionOf } from '../actions/index.ts';
import { fileLeftRecord } from '../adapters/file-left-record.ts';
import type { ApplyEvent } from '../model/event.ts';
import type { LeftContainer } from '../model/left.ts';
import type { Observed } from '../model/observed.ts';

/**
 * Keeps in the stack's state folder which containers a run has left standing, so that the next plan can say of one that is gone that
 * it was there. A run that ended elsewhere than at its goal leaves what the one before it wrote. Never fails: it costs a plan a word.
 */
export async function noteLeft(folder: string, before: Observed, events: readonly ApplyEvent[] = []): Promise<void> {
  if (events.some((event) => event.type === 'run-ended' && !reached.includes(event.result))) return;
  await fileLeftRecord(folder)
    .write(standing(before, events))
    .catch(() => undefined);
}

const reached = ['applied', 'not-cleaned-up'];

/** What the steps that ended well have made of what stood there. */
function standing(before: Observed, events: readonly ApplyEvent[]): LeftContainer[] {
  const after = events.reduce((now, event) => {
    if (event.type !== 'step-ended' || event.outcome.status !== 'done') return now;
    const { action } = event.step;
    return definitionOf(action).simulate(action.args, now, '');
  }, before);
  const keys = new Set(Object.values(after.containers).map(({ service, number }) => JSON.stringify({ service, number })));
  return [...keys].sort().map((key) => JSON.parse(key) as LeftContainer); // as it was written one line above
}

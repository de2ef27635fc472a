import { apply } from '../../src/apply/apply.ts';
import { journalEntry } from '../../src/apply/journal-records.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import { plan } from '../../src/plan/plan.ts';
import type { JournalRecord, RecordOf } from '../../src/platform/journal.ts';
import { desired, needs, observed, seen, service } from './builders.ts';
import { begun, planned } from './journals.ts';
import { memoryEngine, type MemoryEngine, type MemoryOptions } from './memory-engine.ts';
import { contextOn } from './runs.ts';

const db = service('db');
const web = service('web', { dependsOn: [needs('db', 'service_started')] });

/** Both run as somebody else, so both are to be replaced. */
export const wanted = desired({ services: [db, web] });
export const before = observed({ containers: [db, web].map((each) => seen(each, { settings: { user: 'nobody' } })) });
export const made = plan(wanted, before);

/** A run that ended before its end, as its journal and its engine know of it. */
export interface Left {
  readonly engine: MemoryEngine;
  readonly records: [RecordOf<'begun'>, RecordOf<'planned'>, ...JournalRecord[]];
}

/** Nothing that its process did after that event is known, and it began nothing more. */
export async function diedAt(isLast: (event: ApplyEvent) => boolean, options: MemoryOptions = {}): Promise<Left> {
  const engine = memoryEngine(before, options);
  const records: Left['records'] = [begun, { ...planned, run: 'run-1', plan: made, before }];
  const dead = new AbortController();
  await apply(made, {
    ...contextOn(engine, before, { limit: 1, abandon: dead.signal }),
    emit: async (event) => {
      if (dead.signal.aborted) return;
      const entry = journalEntry(event, () => begun.at);
      if (entry) records.push(entry.record);
      if (isLast(event)) dead.abort();
    },
  });
  return { engine, records };
}

export const ended =
  (id: string) =>
  (event: ApplyEvent): boolean =>
    event.type === 'step-ended' && event.step.id === id;

export const isCommit = ({ type }: ApplyEvent): boolean => type === 'committed';

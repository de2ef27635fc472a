import type { Undo } from '../model/action.ts';
import type { ApplyEvent } from '../model/event.ts';
import type { JournalRecord } from '../platform/journal.ts';
import { definitionOf } from '../actions/index.ts';

interface Entry {
  readonly record: JournalRecord;
  /** Whether it must be on disk before anything goes on: what is about to change the machine. */
  readonly sync: boolean;
}

/** What the journal keeps of an event; undefined for what it need not know. */
export function journalEntry(event: ApplyEvent, now: () => string): Entry | undefined {
  switch (event.type) {
    case 'step-started':
      return {
        record: { type: 'started', step: event.step.id, action: event.step.action, undo: event.undo },
        sync: event.undo !== 'not-needed',
      };
    case 'step-ended':
      return { record: { type: 'ended', step: event.step.id, outcome: event.outcome.status, tookMs: event.tookMs }, sync: false };
    case 'committed':
      return { record: { type: 'committed' }, sync: true };
    case 'rollback-started':
      return { record: { type: 'walking-back', because: event.because }, sync: true };
    case 'rollback-ended':
      return { record: { type: 'walked-back', verified: event.verified, left: event.left }, sync: true };
    case 'run-ended':
      return { record: { type: 'finished', result: event.result, at: now() }, sync: true };
    case 'run-started':
    case 'step-progressed':
      return undefined;
  }
}

/** What a run that never finished has left, in words: each step that was begun and not taken back. */
export function leftBy(records: readonly JournalRecord[]): string[] {
  const started = records.flatMap((record) => (record.type === 'started' ? [record] : []));
  const outcomes = new Map(records.flatMap((record) => (record.type === 'ended' ? [[record.step, record.outcome] as const] : [])));
  const wasUndone = (step: string): boolean => outcomes.get(`undo ${step}`) === 'done';
  return started
    .filter(({ step, undo }) => !step.startsWith('undo ') && undo !== 'not-needed' && !wasUndone(step))
    .map(({ step, action, undo }) => {
      const how = outcomes.get(step) === 'done' ? 'done' : outcomes.has(step) ? 'failed, may be half done' : 'begun, its end is not known';
      return `${definitionOf(action).label(action.args)}: ${how}${wayBack(undo)}`;
    });
}

function wayBack(undo: Undo): string {
  if (undo === 'not-needed') return '';
  return 'kind' in undo ? `; to take it back: ${definitionOf(undo).label(undo.args)}` : `; cannot be taken back: ${undo.lost}`;
}

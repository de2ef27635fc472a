import type { ApplyEvent } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import { fromEntries, mapValues, type ByName } from '../lib/record.ts';
import type { JournalRecord, KnownImage } from '../platform/journal.ts';

interface Entry {
  readonly record: JournalRecord;
  /** Whether it must be on disk before anything goes on: what is about to change the machine. */
  readonly sync: boolean;
}

/** A cause in the journal is a line to be remembered by, not a log. */
const longestWhy = 500;

/** What the journal keeps of an event; undefined for what it need not know. */
export function journalEntry(event: ApplyEvent, now: () => string): Entry | undefined {
  switch (event.type) {
    case 'step-started':
      return { record: { type: 'started', step: event.step.id, undo: event.undo }, sync: event.undo !== 'not-needed' };
    case 'step-ended': {
      const { step, outcome, tookMs } = event;
      const why: string | undefined = 'why' in outcome ? outcome.why : 'warning' in outcome ? outcome.warning : undefined;
      const record: JournalRecord = { type: 'ended', step: step.id, outcome: outcome.status, tookMs };
      return { record: why === undefined ? record : { ...record, why: why.slice(0, longestWhy) }, sync: false };
    }
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

/** What a way back has to bring back, and nothing else: neither what programs printed nor who listens on the host. */
export const standingOf = (observed: Observed): Observed => ({
  ...observed,
  images: {},
  others: {},
  listeners: [],
  containers: mapValues(observed.containers, (seen) => {
    const { lastProbe: _lastProbe, ...state } = seen.state;
    return { ...seen, state: { ...state, error: '' } };
  }),
});

/** What references mean; an image by its id alone needs no explanation. */
export const knownImages = (images: Observed['images']): ByName<KnownImage> =>
  fromEntries(
    Object.entries(images).flatMap(([reference, { id, digests }]) => (reference === id ? [] : [[reference, { id, digests }] as const])),
  );

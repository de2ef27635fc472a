import type { RunNotes } from '../../../src/platform/run-note.ts';

/** The engine is told nothing of the run. */
export const dockerRunNotes = (): RunNotes => ({
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
});

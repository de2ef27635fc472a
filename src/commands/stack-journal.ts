import { fileJournal } from '../adapters/file-journal.ts';
import type { Fs } from '../adapters/fs.ts';
import { runNote } from '../apply/assumed.ts';
import type { Plan } from '../model/plan.ts';
import { EngineError } from '../platform/engine-error.ts';
import { JournalError, type Journal, type JournalRecord, type JournalStore } from '../platform/journal.ts';
import { journalLine, readJournal } from '../platform/journal-text.ts';
import type { RunNotes } from '../platform/run-note.ts';
import type { OpenStack } from './open-stack.ts';
import { stateFolder } from './state-folder.ts';

export interface NotePlace {
  readonly stack: string;
  readonly notes: RunNotes;
}

export interface JournalPlace {
  readonly stateDir: string;
  readonly named: Pick<Plan, 'engine' | 'stack'>;
  readonly notes: RunNotes;
  readonly fs?: Fs;
}

/** Where the journals of an opened stack lie. */
export const placeOf = ({ choice, setup }: Pick<OpenStack, 'choice' | 'setup'>, named: JournalPlace['named']): JournalPlace => ({
  stateDir: choice.settings.stateDir.value,
  named,
  notes: setup.notes,
});

/**
 * The journals of a stack, of which the engine keeps the beginning as long as a run is not over: who began it and what was planned, so
 * that another machine can take it back. The note is there before the journal, and goes before the journal becomes history.
 */
export function stackJournal(place: JournalPlace): JournalStore {
  const store = fileJournal(stateFolder(place.stateDir, place.named), place.fs);
  return {
    ...store,
    unfinished: async () => ofThis(place, await store.unfinished()),
    async begin(records, roomBytes) {
      if (await store.unfinished()) throw new JournalError('an earlier run has left its journal');
      await write(place, records);
      try {
        return noted(place, await store.begin(records, roomBytes), records);
      } catch (error) {
        await removeOwn(place, records);
        throw error;
      }
    },
    async reopen() {
      ofThis(place, await store.unfinished());
      const { journal, records } = await store.reopen();
      return { journal: noted(place, journal, records), records };
    },
    async forget() {
      const records = await store.unfinished().catch(() => undefined);
      await store.forget();
      const note = await orJournalError(readOrDamaged(place));
      if (note === 'damaged' || (note && (!records || isSameRun(note, records))))
        await orJournalError(place.notes.remove(place.named.stack));
    },
  };
}

/** Somebody has copied it here: what it says was done, was done elsewhere. */
function ofThis<Records extends readonly JournalRecord[] | undefined>({ named }: JournalPlace, records: Records): Records {
  const [begun] = records ?? [];
  if (begun?.type !== 'begun' || (begun.stack === named.stack && begun.engine === named.engine)) return records;
  throw new JournalError(
    `it is the journal of stack ${begun.stack} on engine ${begun.engine}, and this is stack ${named.stack} on engine ${named.engine}`,
  );
}

/** What the engine keeps of an interrupted run; undefined: nothing. Throws JournalError for what no stackctl wrote. */
export async function notedRun({ stack, notes }: NotePlace, signal: AbortSignal): Promise<readonly JournalRecord[] | undefined> {
  const text = await notes.read(stack, signal);
  if (text === undefined) return undefined;
  const read = readJournal(Buffer.from(text));
  if ('damage' in read) throw new JournalError(`what the engine keeps of the run is damaged: ${read.damage}`);
  return read.records;
}

function noted(place: JournalPlace, journal: Journal, records: readonly JournalRecord[]): Journal {
  let plans = runNote(records);
  return {
    ...journal,
    async append(record, sync) {
      const told = runNote([...plans, record]);
      if (told.length > plans.length) await write(place, (plans = told));
      await journal.append(record, sync);
    },
    async close() {
      await removeOwn(place, plans).catch(async (error: unknown) => {
        await journal.leave(); // the run is not over, and this is all that its process had to do with it
        throw error;
      });
      await journal.close();
    },
  };
}

const write = ({ named, notes }: JournalPlace, records: readonly JournalRecord[]): Promise<void> =>
  orJournalError(
    notes.write(
      named.stack,
      runNote(records)
        .map((record, i) => journalLine(record, i + 1, 0))
        .join(''),
    ),
  );

/** One that is damaged is nobody's; one that cannot be asked for may be another's. */
async function readOrDamaged({ named, notes }: JournalPlace): Promise<readonly JournalRecord[] | 'damaged' | undefined> {
  try {
    return await notedRun({ stack: named.stack, notes }, AbortSignal.timeout(askMs));
  } catch (error) {
    if (error instanceof JournalError) return 'damaged';
    throw error;
  }
}

/** Not the one of a later run, which another machine may have begun since. */
async function removeOwn(place: JournalPlace, records: readonly JournalRecord[]): Promise<void> {
  const { named, notes } = place;
  const ask = () => orJournalError(notedRun({ stack: named.stack, notes }, AbortSignal.timeout(askMs)));
  // It was written, so an engine that does not know of it is asked once more
  const note = (await ask()) ?? (await ask());
  if (note && isSameRun(note, records)) await orJournalError(notes.remove(named.stack));
}

const askMs = 20_000;

/** Whether both tell of one run. */
export const isSameRun = (one: readonly JournalRecord[], other: readonly JournalRecord[]): boolean => firstRun(one) === firstRun(other);

const firstRun = (records: readonly JournalRecord[]): string | undefined => records.find((record) => record.type === 'planned')?.run;

/** Without it another machine would take back what is over, or could not take back what is not. */
async function orJournalError<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new JournalError(`the engine does not keep the note of the run: ${error.message}`, { cause: error });
  }
}

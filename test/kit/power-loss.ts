import { setImmediate as nextTurn } from 'node:timers/promises';
import { apply } from '../../src/apply/apply.ts';
import { assumedJournal } from '../../src/apply/assumed.ts';
import { interruptedRun, mayStillGoBack } from '../../src/apply/interrupted.ts';
import { finishForward, goBack, type RecoverContext } from '../../src/apply/recover.ts';
import { journalEntry } from '../../src/apply/journal-records.ts';
import { hasUndoFailed } from '../../src/commands/carry-out.ts';
import { notedRun, stackJournal, type JournalPlace } from '../../src/commands/stack-journal.ts';
import type { ApplyEvent, RunResult } from '../../src/model/event.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Journal, JournalRecord, RecordOf } from '../../src/platform/journal.ts';
import type { RunNotes } from '../../src/platform/run-note.ts';
import { emptyImage, type Image } from './crash-disk.ts';
import { crashFs, type CrashFs, type DiskMoment } from './crash-fs.ts';
import { engineGoesDown } from './crashing-runs.ts';
import { begun, planned } from './journals.ts';
import { memoryEngine, type MemoryEngine } from './memory-engine.ts';
import { copyOf, type Machine } from './memory-machine.ts';
import { contextOn } from './runs.ts';
import { run } from './simulated.ts';

/** All that there is right when the power goes: the engine has on disk what it has answered, and so it keeps a note. */
export interface Moment {
  readonly machine: Machine;
  readonly note: string | undefined;
  readonly disk: DiskMoment;
}

interface PlannedWorld {
  readonly plan: Plan;
  readonly before: Observed;
}

interface Lived {
  readonly moments: readonly Moment[];
  readonly result: RunResult;
  readonly engine: MemoryEngine;
}

const room = 2_048;

/** Applies a plan with a real journal on a disk that can be cut off, and keeps each moment at which something was about to change. */
export async function lived({ plan, before }: PlannedWorld): Promise<Lived> {
  const moments: Moment[] = [];
  const keep = (): void => void moments.push({ machine: copyOf(engine.machine), note: notes.text(), disk: fs.moment() });
  const engine = memoryEngine(before, { meddle: keep });
  const fs = crashFs(emptyImage(), keep);
  const notes = memoryNotes(undefined, keep);
  const journal = await stackJournal(placeOn(fs, notes)).begin([begun, { ...planned, run, plan, before }], room);
  const result = await apply(plan, contextOn(engine, before, { limit: 1, emit: (event) => tell(event, journal) }));
  await journal.close();
  keep();
  return { moments, result, engine };
}

export interface Mended {
  readonly engine: MemoryEngine;
  /** Undefined: there was nothing to recover. */
  readonly records?: readonly JournalRecord[];
  /** Neither this machine nor the engine knows of a run that is not over. */
  readonly isOver: boolean;
  /** The moments of the recovery, at which the power may go again. */
  readonly moments: readonly Moment[];
}

/** What the next one finds and does who comes to recover, after the power was cut and this was left on disk. Throws what the journal throws. */
export async function mendedAfter(
  { machine, note }: Pick<Moment, 'machine' | 'note'>,
  image: Image,
  { before }: Pick<PlannedWorld, 'before'>,
): Promise<Mended> {
  const moments: Moment[] = [];
  const keep = (): void => void moments.push({ machine: copyOf(engine.machine), note: notes.text(), disk: fs.moment() });
  const engine = memoryEngine(before, { machine: copyOf(machine), meddle: keep });
  const fs = crashFs(image, keep);
  const notes = memoryNotes(note, keep);
  const place = placeOn(fs, notes);
  if (!(await interruptedAt(place, engine))) return { engine, moments, isOver: true };
  engineGoesDown(engine);
  const { journal, records } = await stackJournal(place).reopen();
  const interrupted = interruptedRun(records);
  await journal.append({ type: 'recovering', how: interrupted.committed ? 'finish' : 'back', at: begun.at, by: begun.by }, true);
  const events: ApplyEvent[] = [];
  const context: RecoverContext = {
    ...contextOn(engine, before),
    limit: 1,
    deadlineMs: 60_000,
    settleMs: 0,
    jobs: [],
    emit: async (event) => {
      events.push(event);
      await tell(event, journal);
    },
  };
  const result = await (interrupted.committed ? finishForward : goBack)(interrupted, context);
  await (mayStillGoBack(result, hasUndoFailed(events)) ? journal.leave() : journal.close());
  await nextTurn();
  keep();
  const isOver = (await stackJournal(place).unfinished()) === undefined && notes.text() === undefined;
  return { engine, records, moments, isOver };
}

/** Whether there is a run to recover; one of which only the engine knows is made this machine's, as stackctl recover does. */
async function interruptedAt(place: JournalPlace, engine: MemoryEngine): Promise<boolean> {
  const store = stackJournal(place);
  if (await store.unfinished()) return true;
  const note = await notedRun({ stack: place.named.stack, notes: place.notes }, new AbortController().signal);
  if (!note) return false;
  const [first, ...more] = assumedJournal(note, engine.now());
  await (await store.begin([first as RecordOf<'begun'>, ...more], room)).leave();
  return true;
}

export const placeOn = (fs: CrashFs, notes: RunNotes): JournalPlace => ({
  stateDir: '/home/ann/.local/state/stackctl',
  named: { engine: begun.engine, stack: begun.stack },
  notes,
  fs,
});

async function tell(event: ApplyEvent, journal: Journal): Promise<void> {
  const entry = journalEntry(event, () => 'now');
  if (entry) await journal.append(entry.record, entry.sync);
}

export const noNotes: RunNotes = memoryNotes(undefined, () => undefined);

/** What an engine keeps of a run: on its own disk, before it answers. */
function memoryNotes(start: string | undefined, onChange: () => void): RunNotes & { text(): string | undefined } {
  let kept = start;
  const keep = async (text: string | undefined): Promise<void> => {
    onChange();
    kept = text;
  };
  return { text: () => kept, read: async () => kept, write: async (_stack, text) => keep(text), remove: async () => keep(undefined) };
}

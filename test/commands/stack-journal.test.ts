import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSameRun, notedRun, placeOf, stackJournal, type JournalPlace } from '../../src/commands/stack-journal.ts';
import { stateFolder } from '../../src/commands/state-folder.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { JournalError, type JournalRecord, type RecordOf } from '../../src/platform/journal.ts';
import { journalLine } from '../../src/platform/journal-text.ts';
import { begun, planned } from '../kit/journals.ts';
import { memoryNotes, type MemoryNotes } from '../kit/memory-notes.ts';
import { never } from '../kit/runs.ts';
import { folderWith } from './kit.ts';

const named = { engine: 'ENGINE', stack: 'shop' };
const finished: JournalRecord = { type: 'finished', result: 'applied', at: begun.at };
const later: RecordOf<'planned'> = { ...planned, run: 'run-2' };
const gone = new EngineError('unreachable', 'No engine is running there');

interface Here extends JournalPlace {
  readonly notes: MemoryNotes;
  readonly folder: string;
}

async function here(): Promise<Here> {
  const stateDir = await folderWith({});
  return { stateDir, named, notes: memoryNotes(), folder: stateFolder(stateDir, named) };
}

const textOf = (records: readonly JournalRecord[]): string => records.map((record, i) => journalLine(record, i + 1, 0)).join('');
const noteOf = ({ notes }: Here): Promise<readonly JournalRecord[] | undefined> => notedRun({ stack: 'shop', notes }, never);

describe('the journal of a stack and what its engine keeps of it', () => {
  it('lie where the settings of the stack say, and are about the stack that was named', async () => {
    const { stateDir, notes } = await here();
    const opened = { choice: { settings: { stateDir: { value: stateDir } } }, setup: { notes } } as unknown as Parameters<
      typeof placeOf
    >[0];
    expect(placeOf(opened, named)).toEqual({ stateDir, named, notes });
  });

  it('tell of the same run until it is over; what it is to bring about the engine need not know', async () => {
    const place = await here();
    const wanted = { desired: {} } as RecordOf<'planned'>['wanted'] & {};
    const journal = await stackJournal(place).begin([begun, { ...planned, wanted }], 100);
    expect(await noteOf(place)).toEqual([begun, planned]);
    // Nothing but a plan is told to the engine: no step waits for it
    place.notes.fails.write = gone;
    await journal.append({ type: 'committed' }, true);
    expect(await noteOf(place)).toEqual([begun, planned]);
    await journal.append(finished, true);
    await journal.close();
    expect(place.notes.texts.size).toBe(0);
    expect(await stackJournal(place).history()).toMatchObject([{ number: 1, records: { length: 4 } }]);
  });

  it('the note goes, also when the engine says once that it does not know of it', async () => {
    const place = await here();
    let lies = 1;
    const read: typeof place.notes.read = (stack, signal) => (lies-- > 0 ? Promise.resolve(undefined) : place.notes.read(stack, signal));
    const journal = await stackJournal({ ...place, notes: { ...place.notes, read } }).begin([begun, planned], 100);
    await journal.append(finished, true);
    await journal.close();
    expect(place.notes.texts.size).toBe(0);
  });

  it('both know of a plan that was made again', async () => {
    const place = await here();
    await (await stackJournal(place).begin([begun, planned], 100)).leave();
    const { journal, records } = await stackJournal(place).reopen();
    expect(records).toEqual([begun, planned]);
    await journal.append(later, true);
    expect(await noteOf(place)).toEqual([begun, planned, later]);
    await journal.append({ ...later, run: 'run-3' }, true);
    expect(await noteOf(place)).toHaveLength(4);
    await journal.close();
    expect(place.notes.texts.size).toBe(0);
  });

  it('are begun over nothing that an earlier run has left, and its note stays', async () => {
    const place = await here();
    await (await stackJournal(place).begin([begun, planned], 0)).leave();
    await expect(stackJournal(place).begin([begun, later], 0)).rejects.toThrow(new JournalError('an earlier run has left its journal'));
    expect(await noteOf(place)).toEqual([begun, planned]);
  });

  it('are begun together: without the one, not the other', async () => {
    const place = await here();
    place.notes.fails.write = gone;
    const refused = 'the engine does not keep the note of the run: No engine is running there';
    await expect(stackJournal(place).begin([begun, planned], 0)).rejects.toThrow(new JournalError(refused));
    await expect(stackJournal(place).begin([begun, planned], 0)).rejects.toMatchObject({ cause: gone });
    expect(await stackJournal(place).unfinished()).toBeUndefined();
    delete place.notes.fails.write;
    await expect(stackJournal(place).begin([begun, planned], 2 ** 60)).rejects.toThrow(JournalError);
    expect([place.notes.texts.size, await stackJournal(place).unfinished()]).toEqual([0, undefined]);
  });

  it('end together: while the note cannot be taken away, the run is not over', async () => {
    const place = await here();
    const journal = await stackJournal(place).begin([begun, planned], 0);
    place.notes.fails.remove = gone;
    await expect(journal.close()).rejects.toThrow(JournalError);
    await expect(journal.append(finished, true)).rejects.toThrow(JournalError);
    expect(await stackJournal(place).unfinished()).toHaveLength(2);
  });

  it('end apart where another machine has begun a run since: its note stays', async () => {
    const place = await here();
    const journal = await stackJournal(place).begin([begun, planned], 0);
    place.notes.texts.set('shop', textOf([begun, later]));
    await journal.close();
    expect(await noteOf(place)).toEqual([begun, later]);
    expect(await stackJournal(place).unfinished()).toBeUndefined();
  });

  it('are not those of another stack or engine: somebody has copied the journal here', async () => {
    const place = await here();
    for (const of of [
      { engine: 'ENGINE', stack: 'blog' },
      { engine: 'OTHER', stack: 'shop' },
    ]) {
      await (await stackJournal({ ...place, named: of }).begin([begun, planned], 0)).leave();
      const why = `it is the journal of stack shop on engine ENGINE, and this is stack ${of.stack} on engine ${of.engine}`;
      const store = stackJournal({ ...place, named: of });
      await expect(store.unfinished()).rejects.toThrow(new JournalError(why));
      await expect(store.reopen()).rejects.toThrow(new JournalError(why));
    }
  });

  it('a bug is no matter of journals', async () => {
    const place = await here();
    place.notes.fails.write = new TypeError('undefined is not a function');
    await expect(stackJournal(place).begin([begun, planned], 0)).rejects.toThrow(TypeError);
  });
});

describe('to forget a run', () => {
  const left = async (): Promise<Here> => {
    const place = await here();
    await (await stackJournal(place).begin([begun, planned], 0)).leave();
    return place;
  };
  const forgotten = async (place: Here): Promise<unknown> => {
    await stackJournal(place).forget();
    expect(await stackJournal(place).unfinished()).toBeUndefined();
    return [...place.notes.texts.values()];
  };

  it('forgets what the engine keeps of it', async () => expect(await forgotten(await left())).toEqual([]));

  it('leaves what the engine keeps of another', async () => {
    const place = await left();
    place.notes.texts.set('shop', textOf([begun, later]));
    expect(await forgotten(place)).toEqual([textOf([begun, later])]);
  });

  it('takes away a note that nobody can read', async () => {
    const place = await left();
    place.notes.texts.set('shop', 'nonsense\n');
    expect(await forgotten(place)).toEqual([]);
  });

  it('takes away the note of a run whose journal nobody can read, or that began elsewhere', async () => {
    const place = await left();
    await writeFile(join(place.folder, 'journal'), 'nonsense\n', { mode: 0o600 });
    expect(await forgotten(place)).toEqual([]);
    place.notes.texts.set('shop', textOf([begun, later]));
    expect(await forgotten(place)).toEqual([]);
  });

  it('forgets nothing of a note on an engine that does not answer: it may be the note of another', async () => {
    const place = await left();
    place.notes.fails.read = gone;
    await expect(stackJournal(place).forget()).rejects.toThrow(/does not keep the note of the run: No engine/);
  });
});

describe('what an engine keeps of a run', () => {
  it('is nothing, where no run is under way', async () => expect(await noteOf(await here())).toBeUndefined());

  it('is refused where no stackctl wrote it', async () => {
    const place = await here();
    place.notes.texts.set('shop', 'nonsense\n');
    const why = 'what the engine keeps of the run is damaged: record 1 is not as it was written';
    await expect(noteOf(place)).rejects.toThrow(new JournalError(why));
  });

  it('is of a run if its first plan is', () => {
    expect(isSameRun([begun, planned, later], [{ ...begun, at: 'then' }, planned])).toBe(true);
    expect(isSameRun([begun, planned], [begun, later, planned])).toBe(false);
  });
});

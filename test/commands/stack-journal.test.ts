import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginRun, resumeRun, roomFor, type Intent } from '../../src/commands/begin-run.ts';
import { isSameRun, notedRun, placeOf, stackJournal, type JournalPlace } from '../../src/commands/stack-journal.ts';
import { stateFolder } from '../../src/commands/state-folder.ts';
import { stackctlVersion } from '../../src/commands/version.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { JournalError, journalFormat, type JournalRecord, type RecordOf } from '../../src/platform/journal.ts';
import { journalLine } from '../../src/platform/journal-text.ts';
import { actor } from '../../src/commands/actor.ts';
import { image, observed } from '../kit/builders.ts';
import { begun, planned, replacing } from '../kit/journals.ts';
import { memoryNotes, type MemoryNotes } from '../kit/memory-notes.ts';
import { watchedDisk } from '../kit/watched-disk.ts';
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
    await journal.leave();
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

describe('the beginning of a run', () => {
  const before = observed({ images: { 'nginx:1': image('nginx:1') } });
  const intent = (place: Here): Intent => ({
    plan: replacing,
    before,
    store: stackJournal(place),
    command: 'up',
    vaultKey: '00ff',
  });

  it('says who does what to which stack, in which version, and at which commit', async () => {
    const place = await here();
    const commit = { id: 'ab'.repeat(20), dirty: true };
    const { run, journal, resumes } = await beginRun({ ...intent(place), commit });
    await journal.leave();
    expect([run, resumes]).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), false]);
    const [first, second] = (await stackJournal(place).unfinished()) as [RecordOf<'begun'>, RecordOf<'planned'>];
    expect(first).toEqual({
      type: 'begun',
      format: journalFormat,
      stack: 'shop',
      engine: replacing.engine,
      command: 'up',
      at: second.at,
      by: actor(),
      stackctl: stackctlVersion(),
      commit,
      vaultKey: '00ff',
    });
    expect(second).toMatchObject({ type: 'planned', run, by: actor(), plan: { stack: 'shop' }, before: { images: {} } });
    expect(second.images).toEqual({ 'nginx:1': { id: image('nginx:1').id, digests: [] } });
    expect([Date.parse(second.at) > Date.parse('2026-01-01'), 'wanted' in second]).toEqual([true, false]);
  });

  it('keeps what is wanted, and no commit where there is none', async () => {
    const place = await here();
    const wanted = { profiles: ['debug'] } as unknown as Intent['wanted'] & {};
    await (await beginRun({ ...intent(place), wanted })).journal.leave();
    const records = (await stackJournal(place).unfinished())!;
    expect(records).toMatchObject([{ type: 'begun' }, { wanted }]);
    expect(records[0]).not.toHaveProperty('commit');
  });

  it('takes more room than its steps and their way back can need', () => {
    const bytes = Buffer.byteLength(JSON.stringify(planned.before.containers));
    expect(roomFor(planned)).toBe(65_536 + planned.plan.steps.length * 4_096 + bytes);
  });

  it('of one that goes on stands behind what was interrupted', async () => {
    const place = await here();
    await (await beginRun(intent(place))).journal.leave();
    const done = watchedDisk();
    const { run, journal, resumes } = await resumeRun(intent(place));
    expect(resumes).toBe(true);
    // On disk before anything is done, by one sync
    expect(done.slice(-2)).toEqual(['write journal', 'datasync journal']);
    expect(done.filter((each) => each.startsWith('datasync'))).toHaveLength(1);
    expect(await stackJournal(place).unfinished()).toMatchObject([
      { type: 'begun' },
      { type: 'planned' },
      { type: 'recovering', how: 'resume', by: actor() },
      { type: 'planned', run },
    ]);
    await journal.leave();
  });

  it('is in a folder that can be written to, or nothing is begun', async () => {
    const place = await here();
    await writeFile(join(place.stateDir, 'ENGINE'), '');
    await expect(beginRun(intent(place))).rejects.toThrow(JournalError);
    expect([await readdir(place.stateDir), place.notes.texts.size]).toEqual([['ENGINE'], 0]);
    await chmod(place.stateDir, 0o700);
  });
});

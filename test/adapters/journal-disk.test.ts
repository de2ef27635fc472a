import { open, readFile, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/adapters/atomic-file.ts';
import { fileJournal } from '../../src/adapters/file-journal.ts';
import type { Fs } from '../../src/adapters/fs.ts';
import { journalWriter } from '../../src/adapters/journal-writer.ts';
import type { Journal, JournalRecord } from '../../src/platform/journal.ts';
import { journalLine } from '../../src/platform/journal-text.ts';
import { folderWith } from '../commands/kit.ts';
import { begun, planned } from '../kit/journals.ts';
import { failingDisk } from '../kit/failing-disk.ts';

const finished: JournalRecord = { type: 'finished', result: 'applied', at: begun.at };
const committed: JournalRecord = { type: 'committed' };

describe('a journal on a disk that fails', () => {
  const folder = '/state/shop';
  const cannot = {
    name: 'JournalError',
    message: 'the journal /state/shop/journal cannot be used: ENOSPC: no space left on device',
    cause: { code: 'ENOSPC' },
  };
  const begin = (fs: Fs): Promise<Journal> => fileJournal(folder, fs).begin([begun, planned], 100);

  it.each([
    ['the new file', 1],
    ['its bytes', 2],
    ['the sync of them', 3],
    ['the rename', 4],
    ['the sync of the folder', 5],
  ])('is not begun where that happens at %s', async (_what, place) => {
    const { fs, failAt } = failingDisk();
    await makeFolder(folder, fs);
    failAt(place);
    await expect(begin(fs)).rejects.toMatchObject(cannot);
    expect([await fileJournal(folder, fs).unfinished(), await fs.readdir(folder), fs.leftOpen()]).toEqual([undefined, [], 0]);
    failAt();
    await (await begin(fs)).leave();
    expect([await fileJournal(folder, fs).unfinished(), fs.leftOpen()]).toEqual([[begun, planned], 0]);
  });

  it('says so when it is gone on with, written to or ended, wherever that happens, and lets go of its file', async () => {
    const goOn = async (fs: Fs): Promise<void> => {
      const { journal } = await fileJournal(folder, fs).reopen();
      await journal.append(committed, false);
      const written = journal.append(finished, true);
      await written.then(journal.close, journal.leave);
      await written;
    };
    const disk = async (place?: number): Promise<ReturnType<typeof failingDisk>> => {
      const made = failingDisk();
      await (await begin(made.fs)).leave();
      made.failAt(place);
      return made;
    };
    const { fs: whole, tried } = await disk();
    await goOn(whole);
    expect([await fileJournal(folder, whole).unfinished(), tried() > 8]).toEqual([undefined, true]);
    for (let place = 1; place <= tried(); place++) {
      const { fs } = await disk(place);
      await expect(goOn(fs)).rejects.toMatchObject(cannot);
      expect([place, fs.leftOpen()]).toEqual([place, 0]);
    }
  });

  it('what stood behind the end is gone, however far behind, and there is room for a recovery', async () => {
    const folder = join(await folderWith({}), 'shop');
    await (await fileJournal(folder).begin([begun, planned], 0)).leave();
    const path = join(folder, 'journal');
    const whole = await readFile(path);
    const stale = Buffer.from(journalLine(finished, 9, 0));
    const clear = async (gap: number): Promise<readonly number[]> => {
      await writeFile(path, Buffer.concat([whole, Buffer.alloc(gap), stale]));
      const { journal } = await fileJournal(folder).reopen();
      const behind = (await readFile(path)).subarray(whole.length);
      await journal.leave();
      return [behind.length, behind.findIndex((byte) => byte !== 0)];
    };
    expect(await clear(100)).toEqual([65_536, -1]);
    expect(await clear(100_000)).toEqual([100_000 + stale.length, -1]);
  });
});

describe('records of many steps at once', () => {
  const fileIn = async (): Promise<{ readonly path: string; readonly file: FileHandle }> => {
    const path = join(await folderWith({}), 'journal');
    return { path, file: await open(path, 'w+') };
  };

  it('that come while a sync is under way share the next one, and each says what was on disk before it', async () => {
    const { path, file } = await fileIn();
    const asked: string[] = [];
    const [write, datasync] = [file.write.bind(file), file.datasync.bind(file)];
    Object.assign(file, {
      write: (bytes: Buffer, ...more: [number, number, number]) => (asked.push('write'), write(bytes, ...more)),
      datasync: () => (asked.push('sync'), datasync()),
    });
    const writer = journalWriter(file, { at: 0, written: 2 });
    const first = writer.append(committed, true);
    // The first has not come to its write yet when these come; the last two wait for its sync
    await Promise.resolve();
    const others = [writer.append(committed, true), writer.append(finished, true)];
    await Promise.all([first, ...others]);
    await writer.append(finished, true);
    expect(asked).toEqual(['write', 'sync', 'write', 'sync', 'write', 'sync']);
    await writer.close();
    const lines = [journalLine(committed, 3, 2), journalLine(committed, 4, 3), journalLine(finished, 5, 3), journalLine(finished, 6, 5)];
    expect(await readFile(path, 'utf8')).toBe(lines.join(''));
  });

  it('are written to the last byte, where the system takes only some at a time', async () => {
    const { path, file } = await fileIn();
    const write = file.write.bind(file);
    Object.assign(file, {
      write: (bytes: Buffer, from: number, length: number, at: number) => write(bytes, from, Math.min(length, 7), at),
    });
    const writer = journalWriter(file, { at: 0, written: 0 });
    await writer.append(committed, true);
    await writer.append(finished, false);
    await writer.close();
    expect(await readFile(path, 'utf8')).toBe(journalLine(committed, 1, 0) + journalLine(finished, 2, 1));
  });

  it('give back the room that was not needed, and the file even where that fails', async () => {
    const { path, file } = await fileIn();
    await file.write(Buffer.alloc(500), 0, 500, 0);
    const writer = journalWriter(file, { at: 0, written: 0 });
    await writer.append(committed, false);
    await writer.close();
    expect((await stat(path)).size).toBe(Buffer.byteLength(journalLine(committed, 1, 0)));
    const other = (await fileIn()).file;
    Object.assign(other, { truncate: () => Promise.reject(new Error('EIO')) });
    await expect(journalWriter(other, { at: 0, written: 0 }).close()).rejects.toThrow('EIO');
    await expect(other.stat()).rejects.toThrow(/closed/);
  });
});

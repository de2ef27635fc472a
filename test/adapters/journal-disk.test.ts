import { open, readdir, readFile, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileJournal } from '../../src/adapters/file-journal.ts';
import { journalWriter } from '../../src/adapters/journal-writer.ts';
import type { JournalRecord } from '../../src/platform/journal.ts';
import { journalLine } from '../../src/platform/journal-text.ts';
import { folderWith } from '../commands/kit.ts';
import { begun, planned } from '../kit/journals.ts';
import { watchedDisk } from '../kit/watched-disk.ts';

const finished: JournalRecord = { type: 'finished', result: 'applied', at: begun.at };
const committed: JournalRecord = { type: 'committed' };

describe('what a power cut can take', () => {
  it('is never a journal without its beginning: it is whole on disk before it has its name', async () => {
    const folder = join(await folderWith({}), 'shop');
    const done = watchedDisk();
    const journal = await fileJournal(folder).begin([begun, planned], 100);
    expect(done).toEqual(['appendFile journal.next', 'sync journal.next', 'rename journal.next journal', 'sync shop', 'close shop']);
    await journal.leave();
  });

  it('is never a record that was to be on disk, and the name of a run of the past', async () => {
    const folder = join(await folderWith({}), 'shop');
    const journal = await fileJournal(folder).begin([begun, planned], 100);
    await journal.leave();
    const done = watchedDisk();
    const again = await fileJournal(folder).reopen();
    await again.journal.append(committed, false);
    await again.journal.append(finished, true);
    await again.journal.close();
    expect(done).toEqual([
      'close journal',
      // What stands behind its end is gone for good before anything is written
      'write journal',
      'sync journal',
      'write journal',
      'datasync journal',
      'datasync journal',
      'truncate journal',
      'close journal',
      'rename journal 1.journal',
      'sync history',
      'close history',
      'sync shop',
      'close shop',
    ]);
  });

  it.each(['appendFile journal.next', 'sync journal.next', 'rename journal.next journal', 'sync shop'])(
    'a disk that is full says so, and nothing is begun (%s)',
    async (fails) => {
      const folder = join(await folderWith({}), 'shop');
      watchedDisk(fails);
      const store = fileJournal(folder);
      await expect(store.begin([begun, planned], 100)).rejects.toMatchObject({
        name: 'JournalError',
        message: expect.stringMatching(/^the journal .*shop\/journal cannot be used: ENOSPC/) as unknown,
        cause: { code: 'ENOSPC' },
      });
      expect([await store.unfinished(), await readdir(folder)]).toEqual([undefined, []]);
    },
  );

  it('a disk that fails later names the journal, too', async () => {
    const folder = join(await folderWith({}), 'shop');
    await (await fileJournal(folder).begin([begun, planned], 100)).leave();
    const { journal } = await fileJournal(folder).reopen();
    // The room behind its end has been written by now
    await journal.append(committed, true);
    watchedDisk('sync history');
    await expect(journal.close()).rejects.toThrow(/^the journal .*shop\/journal cannot be used: ENOSPC/);
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

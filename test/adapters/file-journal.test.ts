import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileJournal } from '../../src/adapters/file-journal.ts';
import type { OpenFile } from '../../src/adapters/fs.ts';
import { journalWriter } from '../../src/adapters/journal-writer.ts';
import { JournalError } from '../../src/platform/journal.ts';
import { folderWith } from '../commands/kit.ts';
import { begun, planned, wholeRun } from '../kit/journals.ts';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const room = 10_000;

describe('a journal in a folder', () => {
  it('has its beginning, its room and nobody else as a reader', async () => {
    const folder = join(await folderWith({}), 'state', 'shop');
    const journal = await fileJournal(folder).begin([begun, planned], room);
    expect([await modeOf(folder), await modeOf(join(folder, 'journal'))]).toEqual(['700', '600']);
    expect((await stat(join(folder, 'journal'))).size).toBeGreaterThan(room);
    expect(await fileJournal(folder).unfinished()).toEqual([begun, planned]);
    await journal.leave();
  });

  it('becomes history with a number of its own; a bounded number is kept', async () => {
    const folder = await folderWith({});
    const store = fileJournal(folder);
    for (let run = 0; run < 103; run++) {
      const journal = await store.begin([begun, planned], 0);
      await journal.append({ type: 'finished', result: 'applied', at: begun.at }, true);
      await journal.close();
    }
    const numbers = (await store.history()).map(({ number }) => number);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([100, 103, 4]);
    expect(await store.unfinished()).toBeUndefined();
    expect([await readdir(folder), (await readdir(join(folder, 'history'))).length]).toEqual([['history'], 100]);
  });

  it('is not begun over one that is unfinished', async () => {
    const folder = await folderWith({});
    await (await fileJournal(folder).begin([begun, planned], 0)).leave();
    await expect(fileJournal(folder).begin([begun, planned], 0)).rejects.toThrow(/an earlier run has left/);
  });

  it('goes on behind a tail that a crash tore off, and what was torn off never comes back', async () => {
    const folder = await folderWith({});
    const [first, second, ...more] = wholeRun;
    const journal = await fileJournal(folder).begin([first, second!], room);
    for (const record of more) await journal.append(record, true);
    await journal.leave();
    const path = join(folder, 'journal');
    const text = await readFile(path);
    await writeFile(path, Buffer.concat([text.subarray(0, text.length - 30), Buffer.alloc(30), Buffer.from('9 9 9 9\n')]));
    const again = await fileJournal(folder).reopen();
    expect(again.records).toEqual(wholeRun.slice(0, -1));
    await again.journal.append({ type: 'committed' }, true);
    await again.journal.leave();
    expect(await fileJournal(folder).unfinished()).toEqual([...wholeRun.slice(0, -1), { type: 'committed' }]);
  });

  it('that is damaged is refused, can be forgotten, and is told of in the history', async () => {
    const folder = await folderWith({});
    const store = fileJournal(folder);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'journal'), 'no journal\n', { mode: 0o600 });
    await expect(store.unfinished()).rejects.toThrow(/journal is damaged: record 1 is not as it was written/);
    await store.forget();
    expect(await store.unfinished()).toBeUndefined();
    expect(await store.history()).toMatchObject([{ number: 1, records: { name: 'JournalError' } }]);
  });
});

describe('a journal that is not as stackctl leaves it', () => {
  it('cannot be gone on with where there is none', async () => {
    const folder = await folderWith({});
    await expect(fileJournal(folder).reopen()).rejects.toThrow(new JournalError(`there is no journal ${join(folder, 'journal')}`));
    await fileJournal(folder).forget();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is told of in other words than that there is none', async () => {
    const folder = await folderWith({ file: '' });
    const store = fileJournal(join(folder, 'file'));
    const why = /^the journal .*\/file\/journal cannot be used: E(NOTDIR|EXIST)/;
    const uses = [() => store.unfinished(), () => store.forget(), () => store.begin([begun, planned], 0), () => store.history()];
    for (const use of uses)
      await expect(use()).rejects.toMatchObject({ name: 'JournalError', message: expect.stringMatching(why) as unknown });
  });

  it('and was torn while it was begun was never begun: what is left of it is overwritten', async () => {
    const folder = await folderWith({ 'journal.next': 'half a rec' });
    expect(await fileJournal(folder).unfinished()).toBeUndefined();
    await (await fileJournal(folder).begin([begun, planned], 0)).leave();
    expect(await readdir(folder)).toEqual(['journal']);
    expect(await fileJournal(folder).unfinished()).toEqual([begun, planned]);
  });
});

describe('runs of the past', () => {
  const past = async (count: number): Promise<string> => {
    const folder = await folderWith({});
    for (let run = 0; run < count; run++) await (await fileJournal(folder).begin([begun, planned], 0)).close();
    return folder;
  };
  const numbers = async (folder: string, most?: number): Promise<number[]> =>
    (await fileJournal(folder).history(most)).map(({ number }) => number);

  it('are told the newest first, and only as many as are asked for', async () => {
    const folder = await past(11);
    expect(await numbers(folder)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await numbers(folder, 2)).toEqual([11, 10]);
    expect([await modeOf(join(folder, 'history')), await modeOf(join(folder, 'history', '1.journal'))]).toEqual(['700', '600']);
  });

  it('are none where there is no folder of them, and nothing else that lies in it', async () => {
    expect(await numbers(await past(0))).toEqual([]);
    const folder = await past(1);
    for (const name of ['7.journal.bak', 'x8.journal', 'journal']) await writeFile(join(folder, 'history', name), '');
    expect(await numbers(folder)).toEqual([1]);
  });

  it('say of one that is gone meanwhile that nothing is known of it, and of one that cannot be read why', async () => {
    const folder = await past(2);
    await chmod(join(folder, 'history', '1.journal'), 0o666);
    await rm(join(folder, 'history', '2.journal'));
    await symlink('nowhere', join(folder, 'history', '3.journal'));
    expect(await fileJournal(folder).history()).toMatchObject([
      { number: 3, records: { name: 'JournalError', message: expect.stringMatching(/is a symbolic link/) as unknown } },
      { number: 1, records: { name: 'JournalError', message: expect.stringMatching(/other users can write/) as unknown } },
    ]);
  });
});

describe('a write that fails', () => {
  /** A disk whose syncs fail from that one on; it says what was tried. */
  function disk(failsFrom: number): { readonly file: Parameters<typeof journalWriter>[0]; readonly tried: string[] } {
    const tried: string[] = [];
    let syncs = 0;
    const file: Pick<OpenFile, 'write' | 'datasync' | 'close' | 'truncate'> = {
      write: (_bytes: Buffer, _from: number, length: number) => {
        tried.push('write');
        return Promise.resolve({ bytesWritten: length });
      },
      datasync: () => {
        tried.push('sync');
        syncs += 1;
        return syncs >= failsFrom ? Promise.reject(new Error('EIO')) : Promise.resolve();
      },
      truncate: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    return { file, tried };
  }

  it('is the last one: no later record seems to be on disk', async () => {
    const { file, tried } = disk(2);
    const writer = journalWriter(file, { at: 0, written: 0 });
    await writer.append({ type: 'committed' }, true);
    await expect(writer.append({ type: 'committed' }, true)).rejects.toThrow('EIO');
    await expect(writer.append({ type: 'committed' }, true)).rejects.toThrow('EIO');
    await expect(writer.close()).rejects.toThrow('EIO');
    expect(tried).toEqual(['write', 'sync', 'write', 'sync']);
  });

  it('fails everybody who waited for it', async () => {
    const { file } = disk(2);
    const writer = journalWriter(file, { at: 0, written: 0 });
    const all = await Promise.allSettled([1, 2, 3].map(() => writer.append({ type: 'committed' }, true)));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    const later = await Promise.allSettled([1, 2].map(() => writer.append({ type: 'committed' }, true)));
    expect(later.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

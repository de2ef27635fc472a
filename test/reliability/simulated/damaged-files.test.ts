import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileContentRecord } from '../../../src/adapters/file-content-record.ts';
import { fileJournal } from '../../../src/adapters/file-journal.ts';
import { fileLeftRecord } from '../../../src/adapters/file-left-record.ts';
import type { Fs } from '../../../src/adapters/fs.ts';
import { fileUsedPlans } from '../../../src/adapters/file-used-plans.ts';
import { lockText } from '../../../src/commands/lock-text.ts';
import { readPlan, savePlan } from '../../../src/commands/plan-file.ts';
import { notedRun } from '../../../src/commands/stack-journal.ts';
import { JournalError, journalFormat, type JournalRecord } from '../../../src/platform/journal.ts';
import { journalLine } from '../../../src/platform/journal-text.ts';
import { readLock } from '../../../src/spec/read-lock.ts';
import { folderWith } from '../../commands/kit.ts';
import { emptyImage, make, numberAt, root, type Image } from '../../kit/crash-disk.ts';
import { crashFs } from '../../kit/crash-fs.ts';
import { everyByte, everyLine, type Damaged } from '../../kit/damage.ts';
import { begun, planned, replacing, wholeRun } from '../../kit/journals.ts';
import { tally } from '../../kit/tally.ts';

/** A file as it was written, and what is read of it: 'refused' with what to do about it, or something. Anything else that is thrown is a crash. */
interface Kept {
  readonly what: string;
  readonly path: string;
  write(fs: Fs): Promise<unknown>;
  read(fs: Fs): Promise<unknown>;
  /** Whether that may be read of a file that was damaged from there on. */
  may(read: unknown, whole: unknown, from: number, bytes: Buffer): boolean;
  readonly byLine?: true;
}

const folder = '/state';
const refused = 'refused';
const refusing = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (error instanceof JournalError && error.message !== '') return refused;
    throw error;
  });
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Wherever a journal lies: the first records as they were, and none before the damage is missing. */
function firstRecords(read: unknown, whole: unknown, from: number, bytes: Buffer): boolean {
  if (read === refused) return true;
  const [some, all] = [read, whole] as [readonly JournalRecord[], readonly JournalRecord[]];
  const intact = bytes.subarray(0, from).filter((byte) => byte === 0x0a).length;
  return same(some, all.slice(0, some.length)) && some.length >= Math.min(intact, all.length);
}

const text = (records: readonly JournalRecord[]): string => records.map((record, i) => journalLine(record, i + 1, i)).join('');
const notes = (fs: Fs) => ({
  read: async () => (await (await fs.open('/note', 'r')).readFile()).toString('utf8'),
  write: async () => undefined,
  remove: async () => undefined,
});
const put = async (fs: Fs, path: string, content: string): Promise<void> => (await fs.open(path, 'wx')).writeFile(content);
const use = { at: '2026-08-02T10:00:00.000Z', run: 7 };
const saved = {
  stackctl: '1.0.0',
  plan: replacing,
  wanted: { services: [] } as never,
  source: { files: [], profiles: [], envFiles: [] } as never,
};

const kept: readonly Kept[] = [
  {
    what: 'a journal',
    path: `${folder}/journal`,
    byLine: true,
    async write(fs) {
      const journal = await fileJournal(folder, fs).begin([begun, planned], 64);
      for (const record of wholeRun.slice(2)) await journal.append(record, true);
      await journal.leave();
    },
    read: (fs) => refusing(fileJournal(folder, fs).unfinished()),
    may: firstRecords,
  },
  {
    what: 'the note of a run on the engine',
    path: '/note',
    byLine: true,
    write: (fs) => put(fs, '/note', text([begun, planned])),
    read: (fs) => refusing(notedRun({ stack: 'shop', notes: notes(fs) }, new AbortController().signal)),
    may: firstRecords,
  },
  {
    what: 'a saved plan',
    path: '/next.plan',
    write: (fs) => savePlan('/next.plan', saved, fs),
    async read(fs) {
      const read = await readPlan('/next.plan', fs);
      if (!read.ok)
        return read.error.every(({ message, hint }) => message !== '' && hint !== undefined) ? refused : 'refused without a next step';
      const { plan, wanted, source } = read.value;
      return { plan, wanted, source };
    },
    // Who wrote it is for people
    may: (read, whole) => read === refused || same(read, whole),
  },
  {
    what: 'the saved plans that were used',
    path: `${folder}/used-plans.json`,
    write: (fs) => fileUsedPlans(folder, fs).note('ab'.repeat(32), use),
    read: (fs) => refusing(fileUsedPlans(folder, fs).of('ab'.repeat(32))),
    may: (read, whole) => read === refused || same(read, whole),
  },
  {
    what: 'what the last apply left',
    path: `${folder}/left.json`,
    write: (fs) =>
      fileLeftRecord(folder, fs).write([
        { service: 'web', number: 1 },
        { service: 'db', number: 1 },
      ]),
    read: (fs) => fileLeftRecord(folder, fs).read(),
    may: (read) => Array.isArray(read), // it costs a plan a word
  },
  {
    what: 'what containers were told since they were made',
    path: `${folder}/content.json`,
    write: async (fs) => (await fileContentRecord(folder, fs)).note('c1', { image: 'aabbccddeeff0011' }),
    read: async (fs) => (await fileContentRecord(folder, fs)).of('c1'),
    may: (read) => typeof read === 'object', // the labels decide then
  },
];

/** The same disk with other bytes in that file. */
function withBytes(image: Image, path: string, bytes: Buffer): Image {
  const changed = new Map(image);
  changed.set(numberAt(image, path) ?? root, { kind: 'file', bytes });
  return changed;
}

describe('whatever becomes of a file', () => {
  it.each(kept.map((each) => [each.what, each] as const))(
    '%s is read as it was written, or refused',
    async (what, { path, write, read, may, byLine }) => {
      const fs = crashFs(emptyImage());
      await write(fs);
      const image = new Map(emptyImage());
      const { lasting, pending } = fs.moment();
      lasting.forEach((node, number) => image.set(number, node));
      for (const change of pending) make(change, image);
      const node = image.get(numberAt(image, path)!);
      const bytes = node?.kind === 'file' ? node.bytes : Buffer.alloc(0);
      const whole = await read(crashFs(image));
      const wrong: string[] = [];
      let cases = 0;
      const damages = function* (): Generator<Damaged> {
        yield* everyByte(bytes);
        if (byLine) yield* everyLine(bytes);
      };
      for (const damaged of damages()) {
        cases += 1;
        const found = await read(crashFs(withBytes(image, path, damaged.bytes))).catch((error: unknown) => `it throws ${String(error)}`);
        if (typeof found === 'string' && found !== refused ? true : !may(found, whole, damaged.from, bytes))
          wrong.push(`${damaged.what}: ${JSON.stringify(found)}`);
      }
      tally({ row: 'F18', what: `${what}, damaged`, on: 'no engine', cases, violations: wrong.length });
      expect(bytes.length).toBeGreaterThan(20);
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );

  it('stack.lock.yaml is read as a person could have written it, or refused at its place', async () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    const bytes = Buffer.from(lockText({ 'redis:7': { digest }, web: { id: digest } }));
    const cwd = await folderWith({});
    const file = join(cwd, 'stack.lock.yaml');
    let cases = 0;
    for (const damaged of everyByte(bytes)) {
      cases += 1;
      await writeFile(file, damaged.bytes);
      const read = await readLock(file, cwd);
      const valid = read.ok
        ? Object.values(read.value ?? {}).every((image) => /^sha256:[0-9a-f]{64}$/.test('digest' in image ? image.digest : image.id))
        : read.error.every(({ message, hint }) => message !== '' && hint !== undefined);
      if (!valid) expect([damaged.what, read]).toEqual([damaged.what, 'valid']);
    }
    tally({ row: 'F18', what: 'the lock file, damaged', on: 'no engine', cases, violations: 0 });
  });

  it.each([0, journalFormat + 1, 99, '2', null])('a journal of format %j is refused', async (format) => {
    const fs = crashFs();
    await fileJournal(folder, fs).begin([{ ...begun, format: format as number }, planned], 0);
    await expect(fileJournal(folder, fs).unfinished()).rejects.toThrow(/written by another version of stackctl/);
  });
});

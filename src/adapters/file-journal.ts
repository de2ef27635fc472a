import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import { JournalError, type Journal, type JournalRecord, type JournalStore, type PastRun } from '../platform/journal.ts';
import { journalLine, readJournal, type ReadJournal } from '../platform/journal-text.ts';
import { syncFolder } from './atomic-file.ts';
import { journalWriter } from './journal-writer.ts';

/** So many runs are kept. */
const mostKept = 100;

/** Journals as files, 0600 in a folder 0700: the unfinished one beside a folder of those of the past, by their number. */
export function fileJournal(folder: string): JournalStore {
  const path = join(folder, 'journal');
  const safely = <T>(work: () => Promise<T>): Promise<T> => guarded(path, work);
  return {
    begin: (records, roomBytes) => safely(() => begin(folder, records, roomBytes)),
    unfinished: () => safely(async () => (await readOwn(path))?.records),
    reopen: () =>
      safely(async () => {
        const read = await readOwn(path);
        if (!read) throw new JournalError(`there is no journal ${path}`);
        const file = await open(path, 'r+');
        await clearBehind(file, read.end);
        return { journal: journalIn(folder, journalWriter(file, { at: read.end, written: read.records.length })), records: read.records };
      }),
    forget: () => safely(async () => void ((await exists(path)) && (await toHistory(folder)))),
    history: (most = mostKept) => safely(() => history(folder, most)),
  };
}

/** Under another name until it is whole, so that a crash leaves no journal without a beginning. */
async function begin(folder: string, records: readonly JournalRecord[], roomBytes: number): Promise<Journal> {
  const [path, next] = [join(folder, 'journal'), join(folder, 'journal.next')];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (await exists(path)) throw new JournalError(`an earlier run has left ${path}`);
  await rm(next, { force: true });
  const file = await open(next, 'wx', 0o600);
  const text = records.map((record, i) => journalLine(record, i + 1, 0)).join('');
  try {
    // What is taken now cannot run out later, and to write over it needs no new entry in the file system's own journal
    await file.appendFile(Buffer.concat([Buffer.from(text), Buffer.alloc(roomBytes)]));
    await file.sync();
    await rename(next, path);
    await syncFolder(folder);
  } catch (error) {
    await file.close();
    await rm(next, { force: true });
    await rm(path, { force: true }); // its name may not outlast a crash: the run does not begin, and leaves none
    throw error;
  }
  return journalIn(folder, journalWriter(file, { at: Buffer.byteLength(text), written: records.length }));
}

/** Room for what a recovery writes at least. */
const leastRoomBytes = 65_536;

/** What a crash tore off must not look like a record that follows a later one. */
async function clearBehind(file: FileHandle, end: number): Promise<void> {
  const { size } = await file.stat();
  const room = Buffer.alloc(Math.max(size - end, leastRoomBytes));
  await file.write(room, 0, room.length, end);
  await file.sync();
}

function journalIn(folder: string, writer: ReturnType<typeof journalWriter>): Journal {
  const safely = <T>(work: () => Promise<T>): Promise<T> => guarded(join(folder, 'journal'), work);
  return {
    append: (record, sync) => safely(() => writer.append(record, sync)),
    close: () =>
      safely(async () => {
        await writer.close();
        await toHistory(folder);
      }),
    leave: () => safely(() => writer.close()),
  };
}

const pastName = /^(\d+)\.journal$/;

async function toHistory(folder: string): Promise<void> {
  const kept = join(folder, 'history');
  await mkdir(kept, { recursive: true, mode: 0o700 });
  const numbers = await pastNumbers(kept);
  await rename(join(folder, 'journal'), join(kept, `${(numbers[0] ?? 0) + 1}.journal`));
  await syncFolder(kept);
  await syncFolder(folder);
  for (const number of numbers.slice(mostKept - 1)) await rm(join(kept, `${number}.journal`), { force: true });
}

/** The newest first. */
async function pastNumbers(kept: string): Promise<number[]> {
  const names = await readdir(kept).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => pastName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one);
}

async function history(folder: string, most: number): Promise<PastRun[]> {
  const kept = join(folder, 'history');
  const numbers = (await pastNumbers(kept)).slice(0, most);
  return Promise.all(
    numbers.map(async (number): Promise<PastRun> => {
      const read = readOwn(join(kept, `${number}.journal`));
      return {
        number,
        records: await read.then(
          (found) => found?.records ?? [],
          (error: unknown) => asJournalError(error),
        ),
      };
    }),
  );
}

type Trusted = Extract<ReadJournal, { readonly end: number }>;

function trusted(read: ReadJournal, path: string): Trusted {
  if ('damage' in read) throw new JournalError(`${path} is damaged: ${read.damage}`);
  return read;
}

/** Undefined if there is none, or nothing in it: then nothing was done. What somebody else could have written is not read. */
async function readOwn(path: string): Promise<Trusted | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    await mustBeOwn(file, path);
    return trusted(readJournal(await file.readFile()), path);
  } finally {
    await file.close();
  }
}

async function mustBeOwn(file: FileHandle, path: string): Promise<void> {
  const found = await file.stat();
  const { uid, mode } = found;
  if (!found.isFile()) throw new JournalError(`${path} is no regular file`);
  if (uid !== process.geteuid?.()) throw new JournalError(`${path} belongs to another user (${uid})`);
  if ((mode & 0o022) !== 0) throw new JournalError(`other users can write to ${path} (mode ${(mode & 0o777).toString(8)})`);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );

const isMissing = (error: unknown): boolean => errorCode(error) === 'ENOENT';

const asJournalError = (error: unknown): JournalError => (error instanceof JournalError ? error : new JournalError(messageOf(error)));

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError(`the journal ${path} cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

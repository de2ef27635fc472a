import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import { JournalError, type Journal, type JournalRecord, type JournalStore, type PastRun } from '../platform/journal.ts';
import { journalLine, readJournal, type ReadJournal } from '../platform/journal-text.ts';
import { makeFolder, syncFolder } from './atomic-file.ts';
import { nodeFs, type Fs, type OpenFile } from './fs.ts';
import { journalWriter } from './journal-writer.ts';
import { readOwnFile } from './own-file.ts';

/** So many runs are kept. */
const mostKept = 100;

/** Where the journals of one stack lie. */
interface Place {
  readonly folder: string;
  readonly fs: Fs;
}

/** Journals as files, 0600 in a folder 0700: the unfinished one beside a folder of those of the past, by their number. */
export function fileJournal(folder: string, fs: Fs = nodeFs): JournalStore {
  const place = { folder, fs };
  const path = pathIn(place);
  const safely = <T>(work: () => Promise<T>): Promise<T> => guarded(path, work);
  return {
    begin: (records, roomBytes) => safely(() => begin(place, records, roomBytes)),
    unfinished: () => safely(async () => (await readOwn(path, fs))?.records),
    reopen: () => safely(() => reopen(place)),
    forget: () => safely(async () => void ((await exists(path, fs)) && (await toHistory(place)))),
    history: (most = mostKept) => safely(() => history(place, most)),
  };
}

/** Of the journal of a run that is not over. */
const pathIn = ({ folder }: Place): string => join(folder, 'journal');

/** Under another name until it is whole, so that a crash leaves no journal without a beginning. */
async function begin(place: Place, records: readonly JournalRecord[], roomBytes: number): Promise<Journal> {
  const { folder, fs } = place;
  const [path, next] = [pathIn(place), join(folder, 'journal.next')];
  await makeFolder(folder, fs);
  if (await exists(path, fs)) throw new JournalError(`an earlier run has left ${path}`);
  await fs.rm(next);
  const file = await fs.open(next, 'wx', 0o600);
  const text = records.map((record, i) => journalLine(record, i + 1, 0)).join('');
  try {
    // What is taken now cannot run out later, and to write over it needs no new entry in the file system's own journal
    await file.writeFile(Buffer.concat([Buffer.from(text), Buffer.alloc(roomBytes)]));
    await file.sync();
    await fs.rename(next, path);
    await syncFolder(folder, fs);
  } catch (error) {
    await file.close();
    await fs.rm(next);
    await fs.rm(path); // its name may not outlast a crash: the run does not begin, and leaves none
    throw error;
  }
  return journalIn(place, journalWriter(file, { at: Buffer.byteLength(text), written: records.length }));
}

async function reopen(place: Place): ReturnType<JournalStore['reopen']> {
  const path = pathIn(place);
  const read = await readOwn(path, place.fs);
  if (!read) throw new JournalError(`there is no journal ${path}`);
  const { records, end } = read;
  const file = await place.fs.open(path, 'r+');
  try {
    await clearBehind(file, end);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { journal: journalIn(place, journalWriter(file, { at: end, written: records.length })), records };
}

/** Room for what a recovery writes at least. */
const leastRoomBytes = 65_536;

/** What a crash tore off must not look like a record that follows a later one. */
async function clearBehind(file: OpenFile, end: number): Promise<void> {
  const { size } = await file.stat();
  const room = Buffer.alloc(Math.max(size - end, leastRoomBytes));
  await file.write(room, 0, room.length, end);
  await file.sync();
}

function journalIn(place: Place, writer: ReturnType<typeof journalWriter>): Journal {
  const safely = <T>(work: () => Promise<T>): Promise<T> => guarded(pathIn(place), work);
  return {
    append: (record, sync) => safely(() => writer.append(record, sync)),
    close: () =>
      safely(async () => {
        await writer.close();
        await toHistory(place);
      }),
    leave: () => safely(() => writer.close()),
  };
}

const pastName = /^(\d+)\.journal$/;

async function toHistory(place: Place): Promise<void> {
  const { folder, fs } = place;
  const kept = join(folder, 'history');
  await makeFolder(kept, fs);
  const numbers = await pastNumbers(kept, fs);
  await fs.rename(pathIn(place), join(kept, `${(numbers[0] ?? 0) + 1}.journal`));
  await syncFolder(kept, fs);
  await syncFolder(folder, fs);
  for (const number of numbers.slice(mostKept - 1)) await fs.rm(join(kept, `${number}.journal`));
}

/** The newest first. */
async function pastNumbers(kept: string, fs: Fs): Promise<number[]> {
  const names = await fs.readdir(kept).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => pastName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one);
}

async function history({ folder, fs }: Place, most: number): Promise<PastRun[]> {
  const kept = join(folder, 'history');
  const numbers = (await pastNumbers(kept, fs)).slice(0, most);
  return Promise.all(
    numbers.map(async (number): Promise<PastRun> => {
      const read = readOwn(join(kept, `${number}.journal`), fs);
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

/** Undefined if there is none. */
async function readOwn(path: string, fs: Fs): Promise<Trusted | undefined> {
  const bytes = await readOwnFile(path, fs);
  return bytes && trusted(readJournal(bytes), path);
}

const exists = (path: string, fs: Fs): Promise<boolean> =>
  fs.stat(path).then(
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

import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../lib/hash.ts';
import { messageOf } from '../lib/message-of.ts';
import { JournalError, type Journal, type JournalRecord, type JournalStore } from '../platform/journal.ts';
import { syncFolder } from './atomic-file.ts';

/** A journal as a file of lines, each with its length and checksum; 0600 in a folder 0700. */
export function fileJournal(folder: string): JournalStore {
  const path = join(folder, 'journal');
  return {
    begin: () => guarded(path, () => beginFile(path)),
    unfinished: () => guarded(path, () => readUnfinished(path)),
  };
}

async function beginFile(path: string): Promise<Journal> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  await syncFolder(folder);
  const write = groupCommit(file);
  return {
    append: (record, sync) => guarded(path, () => write(lineOf(record), sync)),
    close: () =>
      guarded(path, async () => {
        await write('', true);
        await file.close();
        await mkdir(join(folder, 'history'), { recursive: true, mode: 0o700 });
        await rename(path, join(folder, 'history', `${new Date().toISOString().replace(/[:.]/g, '-')}.journal`));
        await syncFolder(folder);
      }),
  };
}

/** Appends that come while a sync is under way share the next one: many steps at once cost few syncs. */
function groupCommit(file: FileHandle): (text: string, sync: boolean) => Promise<void> {
  let buffered = '';
  let flushing: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    await flushing?.catch(() => undefined);
    next = undefined;
    const text = buffered;
    buffered = '';
    flushing = (async () => {
      if (text) await file.appendFile(text);
      await file.datasync();
    })();
    await flushing;
  };
  return async (text, sync) => {
    buffered += text;
    if (!sync) return;
    next ??= flush();
    await next;
  };
}

function lineOf(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${Buffer.byteLength(json).toString(16)} ${sha256(json).slice(0, 16)} ${json}\n`;
}

/** A torn last line never happened; damage anywhere else means that nothing in the file can be trusted. */
async function readUnfinished(path: string): Promise<readonly JournalRecord[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const records = lines.map((line, i) => {
    const record = recordOf(line);
    if (!record && line !== '' && i < lines.length - 1) throw new JournalError(`line ${i + 1} of ${path} is damaged`);
    return record;
  });
  return records.filter((record) => record !== undefined);
}

function recordOf(line: string): JournalRecord | undefined {
  const [, length = '', checksum = '', json = ''] = /^([0-9a-f]+) ([0-9a-f]{16}) (.*)$/.exec(line) ?? [];
  if (Buffer.byteLength(json).toString(16) !== length || sha256(json).slice(0, 16) !== checksum) return undefined;
  return JSON.parse(json) as JournalRecord; // its checksum says that we wrote it
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError(`the journal ${path} cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

import type { JournalRecord } from '../platform/journal.ts';
import { journalLine } from '../platform/journal-text.ts';
import type { OpenFile } from './fs.ts';

interface Place {
  /** In bytes: where the next record goes. */
  readonly at: number;
  /** How many records are on disk already. */
  readonly written: number;
}

interface JournalWriter {
  append(record: JournalRecord, sync: boolean): Promise<void>;
  /** All that was appended is on disk, the room that was not needed is given back. */
  close(): Promise<void>;
}

/**
 * Appends that come while a sync is under way share the next one: many steps at once cost few syncs. Once a write or a sync has
 * failed every later one fails: the kernel may have dropped what it could not write, and a second try would seem to succeed.
 */
export function journalWriter(file: Pick<OpenFile, 'write' | 'datasync' | 'truncate' | 'close'>, { at, written }: Place): JournalWriter {
  let [position, number, synced] = [at, written, written];
  let waiting: JournalRecord[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    next = undefined;
    const text = waiting.map((record) => journalLine(record, ++number, synced)).join('');
    waiting = [];
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    position += bytes.length;
    const reached = number;
    await file.datasync();
    synced = reached;
  };
  const flush = (): Promise<void> => {
    // A failure is handed on: `then` without a second argument never tries again
    next ??= flushing = flushing.then(write);
    return next;
  };
  return {
    async append(record, sync) {
      waiting.push(record);
      if (sync) await flush();
    },
    async close() {
      try {
        await flush();
        await file.truncate(position);
      } finally {
        await file.close();
      }
    },
  };
}

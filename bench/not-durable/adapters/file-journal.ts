import { JournalError, type Journal, type JournalRecord, type JournalStore } from '../../../src/platform/journal.ts';

/** A journal that ends with the process. */
export function fileJournal(): JournalStore {
  const records: JournalRecord[] = [];
  const journal: Journal = {
    append: (record) => Promise.resolve(void records.push(record)),
    close: () => Promise.resolve(),
    leave: () => Promise.resolve(),
  };
  return {
    begin(first) {
      records.push(...first);
      return Promise.resolve(journal);
    },
    unfinished: () => Promise.resolve(undefined),
    reopen: () => Promise.reject(new JournalError('there is none')),
    forget: () => Promise.resolve(),
    history: () => Promise.resolve([]),
  };
}

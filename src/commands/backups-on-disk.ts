import { fileBackupStore } from '../adapters/file-backup-store.ts';
import { fileJournal } from '../adapters/file-journal.ts';
import { presentRevision } from '../apply/revisions.ts';
import type { BackupStore } from '../platform/backup-store.ts';
import { JournalError } from '../platform/journal.ts';
import { actor } from './actor.ts';
import { stateFolder } from './state-folder.ts';
import { stackctlVersion } from './version.ts';

/** The backups of all stacks in the state folder. New ones say who takes them, and after which run of the stack. */
export const backupsOnDisk = (stateDir: string): BackupStore =>
  fileBackupStore(stateDir, {
    originOf: async (place) => {
      const revision = await lastApplied(stateFolder(stateDir, place));
      return { by: actor(), stackctl: stackctlVersion(), ...(revision !== undefined && { revision }) };
    },
  });

/** A journal that cannot be read is told elsewhere: a backup is no less worth without that number. */
async function lastApplied(folder: string): Promise<number | undefined> {
  try {
    return presentRevision(await fileJournal(folder).history());
  } catch (error) {
    if (error instanceof JournalError) return undefined;
    throw error;
  }
}

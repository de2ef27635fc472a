import { readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';
import type { Backup, BackupOrigin, BackupPlace, ListedBackup } from '../model/backup.ts';
import { BackupError, type BackupStore } from '../platform/backup-store.ts';
import { removeDurably, syncFolder } from './atomic-file.ts';
import { manifestName, readManifest } from './backup-manifest.ts';
import { readData, readEntries, verifyBackup } from './backup-reader.ts';
import { writeBackup } from './backup-writer.ts';
import { nodeFs, type Fs } from './fs.ts';
import { entriesIn, readTarFile } from './tar-file.ts';

interface How {
  /** Who takes a backup of that stack. */
  originOf(place: BackupPlace): Promise<BackupOrigin>;
  readonly fs?: Fs;
}

/** Backups as folders, 0700, below "backups" of the state folder: one for each engine, stack, volume and backup. */
export function fileBackupStore(stateDir: string, { originOf, fs = nodeFs }: How): BackupStore {
  const root = join(stateDir, 'backups');
  const folderOf = (backup: Backup): string => join(volumeFolder(root, backup), backup.id);
  return {
    room: () => roomAt(root),
    take: async (order, fill, context) => {
      const folder = volumeFolder(root, order);
      await removeLeftovers(folder, fs);
      const facts = { ...order, ...(await originOf(order)), takenAt: new Date().toISOString() };
      return writeBackup({ facts, folder, fs }, fill, context);
    },
    list: (place) => list(root, place, fs),
    read: (backup, signal) => readData(folderOf(backup), backup, signal),
    entries: (backup, signal) => readEntries(folderOf(backup), backup, signal),
    verify: (backup, context) => verifyBackup(folderOf(backup), backup, context),
    readFile: readTarFile,
    entriesIn,
    remove: (backup) => remove(folderOf(backup), fs),
  };
}

const stackFolder = (root: string, { engine, stack }: Pick<BackupPlace, 'engine' | 'stack'>): string =>
  join(root, engine.replace(/[^A-Za-z0-9]/g, '').slice(0, 32), stack);

const volumeFolder = (root: string, place: BackupPlace): string => join(stackFolder(root, place), place.volume);

/** Of the file system that the first backup will lie on. */
async function roomAt(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) return roomAt(dirname(path));
    throw error;
  }
}

async function list(root: string, place: Pick<BackupPlace, 'engine' | 'stack'>, fs: Fs): Promise<readonly ListedBackup[]> {
  const folder = stackFolder(root, place);
  const found: ListedBackup[] = [];
  for (const volume of await namesIn(folder)) {
    for (const id of await namesIn(join(folder, volume))) {
      const backup = await listed(join(folder, volume, id), { ...place, volume, id }, fs);
      if (backup) found.push(backup);
    }
  }
  return found.toSorted((one, other) => (timeOf(one) < timeOf(other) ? 1 : -1));
}

/** Of two within one second the moment tells. */
const timeOf = (each: ListedBackup): string => `${each.id.slice(0, 15)} ${'takenAt' in each ? each.takenAt : ''} ${each.id}`;

async function listed(folder: string, at: BackupPlace & { readonly id: string }, fs: Fs): Promise<ListedBackup | undefined> {
  try {
    const backup = await readManifest(folder, fs);
    const isElsewhere = backup && (backup.id !== at.id || backup.volume !== at.volume || backup.stack !== at.stack);
    return isElsewhere ? { ...at, damaged: `it is the backup ${backup.id} of volume ${backup.volume}` } : backup;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return { ...at, damaged: error.message };
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** What has no manifest is what a run left that died: whoever takes a backup now has the stack's lock, so it is nobody's work. */
async function removeLeftovers(folder: string, fs: Fs): Promise<void> {
  for (const id of await namesIn(folder)) {
    const isWhole = await stat(join(folder, id, manifestName)).then(
      () => true,
      () => false,
    );
    if (!isWhole) await rm(join(folder, id), { recursive: true, force: true });
  }
  if ((await namesIn(folder)).length > 0) await syncFolder(folder, fs);
}

/** First it stops being a backup, then it goes. */
async function remove(folder: string, fs: Fs): Promise<void> {
  await removeDurably(join(folder, manifestName), fs);
  await rm(folder, { recursive: true, force: true });
}

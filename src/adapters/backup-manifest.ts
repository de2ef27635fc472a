import { join } from 'node:path';
import { canonical } from '../lib/canonical.ts';
import { errorCode } from '../lib/error-code.ts';
import { sha256 } from '../lib/hash.ts';
import type { Backup } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import { writeAtomically } from './atomic-file.ts';
import type { Fs } from './fs.ts';
import { readOwnFile } from './own-file.ts';

export const manifestName = 'manifest.json';

/** Makes a folder with data and entries a backup: on disk when it resolves. */
export const writeManifest = (folder: string, backup: Backup, fs: Fs): Promise<void> =>
  writeAtomically(join(folder, manifestName), manifestText(backup), { fs });

/** With a hash of itself, so that a change of any byte shows. */
const manifestText = (backup: Backup): string => `${JSON.stringify({ sha256: sha256(canonical(backup)), backup }, undefined, 2)}\n`;

/** Undefined: there is none, so it is no backup. Throws BackupError for one that is not as it was written. */
export async function readManifest(folder: string, fs: Fs): Promise<Backup | undefined> {
  const text = await read(folder, fs);
  if (text === undefined) return undefined;
  const { backup, format } = parsed(text);
  if (format !== 1) throw new BackupError(`it has format ${String(format)}: a newer stackctl wrote it`);
  if (manifestText(backup) !== text) throw new BackupError(`${manifestName} has changed: it does not fit its own SHA-256`);
  return backup;
}

async function read(folder: string, fs: Fs): Promise<string | undefined> {
  try {
    return (await readOwnFile(join(folder, manifestName), fs))?.toString();
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw new BackupError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** What its own hash proves to be written by us has our form. */
function parsed(text: string): { readonly backup: Backup; readonly format: unknown } {
  try {
    const { backup } = JSON.parse(text) as { readonly backup?: unknown };
    if (typeof backup === 'object' && backup !== null)
      return { backup: backup as Backup, format: 'format' in backup ? backup.format : undefined };
  } catch {
    // told below
  }
  throw new BackupError(`${manifestName} is damaged`);
}

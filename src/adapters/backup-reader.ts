import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../lib/error-code.ts';
import { linesIn } from '../lib/lines.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Backup, EntryFacts } from '../model/backup.ts';
import { BackupError, type BackupContext } from '../platform/backup-store.ts';
import { decompressor } from './backup-compression.ts';
import { entryFacts, entryLine } from './backup-entry.ts';
import { readFileHashed } from './backup-file.ts';
import { TarError } from './tar-error.ts';
import { tarEntries } from './tar-reader.ts';

/** The tar of a backup, unpacked. Throws BackupError, at the latest at its end, when it is not what was written. */
export async function* readData(folder: string, { files, compression, tarBytes }: Backup, signal: AbortSignal): AsyncGenerator<Buffer> {
  const unpack = await decompressor(compression);
  const fed = pipeline(Readable.from(readFileHashed(join(folder, files.data.name), files.data, signal)), unpack, { end: true });
  fed.catch(() => undefined); // it is waited for below
  let read = 0;
  try {
    for await (const chunk of unpack) {
      read += (chunk as Buffer).length;
      if (read > tarBytes) throw new BackupError(`${files.data.name} unpacks to more than it did`);
      yield chunk as Buffer;
    }
    await fed;
    if (read < tarBytes) throw new BackupError(`${files.data.name} unpacks to less than it did`);
  } catch (error) {
    signal.throwIfAborted();
    unpack.destroy();
    const whyNotFed: unknown = await fed.catch((reason: unknown) => reason); // what the file itself is says more than what became of it
    throw asBackupError(whyNotFed instanceof BackupError ? whyNotFed : error, files.data.name);
  } finally {
    unpack.destroy();
  }
}

/** Its entries, in the order of its tar. */
export async function* readEntries(folder: string, backup: Backup, signal: AbortSignal): AsyncGenerator<EntryFacts> {
  for await (const line of entryLines(folder, backup, signal)) yield JSON.parse(line) as EntryFacts;
}

async function* entryLines(folder: string, { files }: Backup, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* linesIn(readFileHashed(join(folder, files.entries.name), files.entries, signal));
  } catch (error) {
    signal.throwIfAborted();
    throw asBackupError(error, files.entries.name);
  }
}

/** Reads everything again, side by side: each entry of the tar must be the one that its line says. Throws BackupError at the first that is not. */
export async function verifyBackup(folder: string, backup: Backup, { signal, onBytes }: BackupContext): Promise<void> {
  const lines = entryLines(folder, backup, signal);
  const counted = async function* (): AsyncGenerator<Buffer> {
    let read = 0;
    for await (const chunk of readData(folder, backup, signal)) {
      onBytes((read += chunk.length));
      yield chunk;
    }
  };
  let entries = 0;
  try {
    for await (const entry of tarEntries(counted())) {
      const line = entryLine(await entryFacts(entry));
      const next = await lines.next();
      if (next.done === true || next.value !== line)
        throw new BackupError(`"${entry.path}" is not what ${backup.files.entries.name} says of it`);
      entries++;
    }
    if ((await lines.next()).done !== true) throw new BackupError(`${backup.files.entries.name} says more than there is`);
  } catch (error) {
    signal.throwIfAborted();
    throw asBackupError(error, backup.files.data.name);
  } finally {
    await lines.return(undefined);
  }
  if (entries !== backup.entries) throw new BackupError(`there are ${entries} entries, and were ${backup.entries}`);
}

function asBackupError(error: unknown, name: string): BackupError {
  if (error instanceof BackupError) return error;
  const why =
    error instanceof TarError
      ? `has changed: its tar is damaged (${error.message})`
      : /^E[A-Z0-9]+$/.test(errorCode(error) ?? '')
        ? `cannot be read: ${messageOf(error)}`
        : 'has changed: it cannot be unpacked';
  return new BackupError(`${name} ${why}`, { cause: error });
}

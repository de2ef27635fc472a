import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { BackupFile } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import type { Fs } from './fs.ts';
import { writeAt } from './write-at.ts';

/** A file of a backup while it is written. */
export interface WrittenFile {
  write(bytes: Buffer): Promise<void>;
  /** On disk when it resolves. */
  end(): Promise<BackupFile>;
  /** Whatever became of it. */
  close(): Promise<void>;
}

/** Makes a file of mode 0600 that is hashed as it is written. */
export async function writeFileHashed(path: string, name: string, fs: Fs): Promise<WrittenFile> {
  const file = await fs.open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let at = 0;
  const write = async (bytes: Buffer): Promise<void> => {
    hash.update(bytes);
    at = await writeAt(file, bytes, at);
  };
  const end = async (): Promise<BackupFile> => {
    await file.sync();
    return { name, bytes: at, sha256: hash.digest('hex') };
  };
  return { write, end, close: () => file.close() };
}

/** Its bytes; throws BackupError at the end if they are not those that were written. */
export async function* readFileHashed(path: string, { name, bytes, sha256 }: BackupFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024, signal })) {
    const part = chunk as Buffer;
    hash.update(part);
    read += part.length;
    if (read > bytes) break;
    yield part;
  }
  if (read !== bytes) throw new BackupError(`${name} is not as long as it was (${bytes} bytes)`);
  if (hash.digest('hex') !== sha256) throw new BackupError(`${name} has changed: its SHA-256 does not fit`);
}

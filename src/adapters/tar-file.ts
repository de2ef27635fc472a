import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isMissing } from '../lib/error-code.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Compression, EntryFacts } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import { decompressor } from './backup-compression.ts';
import { entryFacts } from './backup-entry.ts';
import { checkedEntries } from './checked-entries.ts';
import { TarError } from './tar-error.ts';
import { tarEntries } from './tar-reader.ts';

/** The tar in a file, unpacked: how it is packed is seen from its first bytes, whatever it is called. Throws BackupError. */
export async function* readTarFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    const packed = await packedHow(path);
    const file = createReadStream(path, { signal });
    if (!packed) {
      yield* chunks(file);
      return;
    }
    const unpack = await decompressor(packed);
    const fed = pipeline(file, unpack);
    fed.catch(() => undefined); // it is waited for below
    yield* chunks(unpack);
    await fed;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BackupError) throw error;
    throw new BackupError(unreadable(path, error), { cause: error });
  }
}

/** Node's own text names the path, and the call, once more: "EACCES: permission denied, open '/in.tar'". */
function unreadable(path: string, error: unknown): string {
  if (isMissing(error)) return `there is no file ${path}`;
  const [, why = messageOf(error)] = /^E[A-Z]+: (.*), \w+( '[^]*')?$/.exec(messageOf(error)) ?? [];
  return `${path} cannot be read: ${why}`;
}

async function* chunks(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk as Uint8Array;
}

const magic: readonly (readonly [Compression, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

async function packedHow(path: string): Promise<Compression | undefined> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) throw new BackupError(`${path} is no file`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return magic.find(([, bytes]) => buffer.subarray(0, Math.min(bytes.length, bytesRead)).equals(bytes))?.[0];
  } finally {
    await file.close();
  }
}

/** What lies in a tar, entry by entry, as long as it may go into a volume. Throws BackupError for what is none, or may not. */
export async function* entriesIn(tar: AsyncIterable<Uint8Array>): AsyncGenerator<EntryFacts> {
  try {
    for await (const entry of checkedEntries(tarEntries(tar), bounds)) yield await entryFacts(entry);
  } catch (error) {
    if (error instanceof TarError) throw new BackupError(`the archive cannot be restored: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * What it holds is only counted here; the room for it is looked at later. But holes take no room and have to be read: a small archive
 * that says it has more than this would keep us at it for hours.
 */
const bounds = { entries: Infinity, bytes: 4 * 2 ** 40 };

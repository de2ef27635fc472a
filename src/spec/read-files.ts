import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { errorCode } from '../lib/error-code.ts';
import type { FileAnswer, Files } from './file-answer.ts';

/** Bytes of one file that is read: stack files, .env files, and contents that count. */
const maxBytes = 1024 * 1024;

/** All these files, each read once. */
export async function readFiles(paths: readonly string[], read = readRegularFile): Promise<Files> {
  return new Map(await Promise.all([...new Set(paths)].map(async (path) => [path, await read(path)] as const)));
}

/** Like readRegularFile, for a file that is named for what it says: /dev/null is how people name one that says nothing. */
export const readNamedFile = (path: string): Promise<FileAnswer> =>
  path === '/dev/null' ? Promise.resolve({ kind: 'text', text: '' }) : readRegularFile(path);

/**
 * A regular file of at most 1 MiB. Looks before it opens, and opens without waiting: opening a FIFO or a device may hang or do
 * something.
 */
export async function readRegularFile(path: string): Promise<FileAnswer> {
  try {
    if (!(await stat(path)).isFile()) return { kind: 'unreadable', why: 'is not a regular file' };
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const opened = await handle.stat();
      if (!opened.isFile()) return { kind: 'unreadable', why: 'is not a regular file' };
      const buffer = Buffer.alloc(Math.min(maxBytes, Math.max(opened.size, 64 * 1024)) + 1);
      let length = 0;
      for (let read = 1; read > 0 && length < buffer.length; length += read) {
        ({ bytesRead: read } = await handle.read(buffer, length, buffer.length - length, length));
      }
      return length > maxBytes
        ? { kind: 'unreadable', why: 'is larger than 1 MiB' }
        : { kind: 'text', text: decoded(buffer.subarray(0, length)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unreadable', why: 'may not be read by this user' };
    return { kind: 'unreadable', why: `cannot be read (${String(code ?? error)})` };
  }
}

/** Whether a regular file stands there. */
export const isRegularFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A file that is not UTF-8 is kept byte by byte, so that any change to it is seen. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text.replace(/^\u{FEFF}/u, '') : bytes.toString('latin1');
}

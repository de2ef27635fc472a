import { constants } from 'node:fs';
import { errorCode } from '../lib/error-code.ts';
import { nodeFs, type Fs, type OpenFile } from './fs.ts';

/**
 * The bytes of a file of this user; undefined: there is none. Throws for what somebody else could have written or put there, and never
 * waits for a pipe.
 */
export async function readOwnFile(path: string, fs: Fs = nodeFs): Promise<Buffer | undefined> {
  const file = await fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw errorCode(error) === 'ELOOP' ? new Error(`${path} is a symbolic link`, { cause: error }) : error;
  });
  if (!file) return undefined;
  try {
    await mustBeOwn(file, path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function mustBeOwn(file: OpenFile, path: string): Promise<void> {
  const found = await file.stat();
  const { uid, mode } = found;
  if (!found.isFile()) throw new Error(`${path} is no regular file`);
  if (uid !== process.geteuid?.()) throw new Error(`${path} belongs to another user (${uid})`);
  if ((mode & 0o022) !== 0) throw new Error(`other users can write to ${path} (mode ${(mode & 0o777).toString(8)})`);
}

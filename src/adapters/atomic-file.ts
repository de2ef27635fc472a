import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { nodeFs, type Fs, type OpenFile } from './fs.ts';

interface How {
  readonly mode?: number;
  readonly fs?: Fs;
}

/** Writes a file that is there, and empty. */
type Fill = (file: OpenFile) => Promise<void>;

/** Replaces a file as a whole or not at all, also across a power cut: temporary file, fsync, rename, fsync of the folder. Mode 0600 unless given. */
export async function writeAtomically(path: string, content: string | Fill, { mode = 0o600, fs = nodeFs }: How = {}): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await makeFolder(folder, fs);
  try {
    const file = await fs.open(temporary, 'wx', mode);
    try {
      await (typeof content === 'string' ? file.writeFile(content) : content(file));
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary);
    throw error;
  }
  await syncFolder(folder, fs);
  await removeLeftovers(path, fs).catch(() => undefined); // there is nothing wrong with the file itself
}

/** Older than any write takes. */
const leftOverMs = 60_000;

/** A process that was killed before it could rename leaves its temporary file: the next one to write takes it away. */
async function removeLeftovers(path: string, fs: Fs): Promise<void> {
  const folder = dirname(path);
  const isOurs = (name: string): boolean => name.startsWith(`${basename(path)}.`) && /\.[0-9a-f]{12}\.tmp$/.test(name);
  for (const name of (await fs.readdir(folder)).filter(isOurs)) {
    const left = join(folder, name);
    if (Date.now() - (await fs.stat(left)).mtimeMs > leftOverMs) await fs.rm(left);
  }
}

/** Makes a folder, 0700, and those above it that are missing; their names are durable, too. */
export async function makeFolder(path: string, fs: Fs = nodeFs): Promise<void> {
  const first = await fs.mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made), fs);
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string, fs: Fs = nodeFs): Promise<void> {
  const handle = await fs.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file so that it stays removed across a power cut. That there is none is fine. */
export async function removeDurably(path: string, fs: Fs = nodeFs): Promise<void> {
  await fs.rm(path);
  await syncFolder(dirname(path), fs);
}

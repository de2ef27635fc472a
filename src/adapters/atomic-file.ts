import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Replaces a file as a whole or not at all, also across a power cut: temporary file, fsync, rename, fsync of the folder. Mode 0600 unless given. */
export async function writeAtomically(path: string, text: string, mode = 0o600): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
  await removeLeftovers(path).catch(() => undefined); // there is nothing wrong with the file itself
}

/** Older than any write takes. */
const leftOverMs = 60_000;

/** A process that was killed before it could rename leaves its temporary file: the next one to write takes it away. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const isOurs = (name: string): boolean => name.startsWith(`${basename(path)}.`) && /\.[0-9a-f]{12}\.tmp$/.test(name);
  for (const name of (await readdir(folder)).filter(isOurs)) {
    const left = join(folder, name);
    if (Date.now() - (await stat(left)).mtimeMs > leftOverMs) await rm(left, { force: true });
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

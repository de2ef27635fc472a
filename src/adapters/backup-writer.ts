import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Backup, BackupFacts, BackupFile } from '../model/backup.ts';
import { BackupError, type BackupContext, type WriteTar } from '../platform/backup-store.ts';
import { makeFolder, syncFolder } from './atomic-file.ts';
import { chooseCompression, compressor, dataName } from './backup-compression.ts';
import { entryFacts, entryLine } from './backup-entry.ts';
import { writeFileHashed, type WrittenFile } from './backup-file.ts';
import { writeManifest } from './backup-manifest.ts';
import type { Fs } from './fs.ts';
import { TarError } from './tar-error.ts';
import { tarEntries } from './tar-reader.ts';
import { writeTo } from './write-to.ts';

export const entriesName = 'entries.jsonl';

interface Taking {
  readonly facts: BackupFacts;
  /** Of the volume's backups. */
  readonly folder: string;
  readonly fs: Fs;
}

/** Writes a backup into a folder of its own: data and entries in one pass, and the manifest last. Of what fails nothing is left. */
export async function writeBackup(
  { facts, folder: parent, fs }: Taking,
  fill: (write: WriteTar) => Promise<void>,
  context: BackupContext,
): Promise<Backup> {
  const id = idFor(facts.takenAt);
  const folder = join(parent, id);
  await makeFolder(folder, fs);
  try {
    let written: Written | undefined;
    await fill(async (tar) => void (written = await writeContent(folder, tar, { ...context, fs })));
    if (!written) throw new BackupError('nothing was read of the volume');
    await syncFolder(folder, fs);
    const backup: Backup = { format: 1, id, ...facts, ...written };
    await writeManifest(folder, backup, fs);
    return backup;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** "20261122-184501-3f2a" */
const idFor = (takenAt: string): string =>
  `${takenAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;

type Written = Pick<Backup, 'compression' | 'entries' | 'tarBytes' | 'contentBytes' | 'files'>;

async function writeContent(
  folder: string,
  tar: AsyncIterable<Uint8Array>,
  context: BackupContext & { readonly fs: Fs },
): Promise<Written> {
  const compression = await chooseCompression();
  const data = await writeFileHashed(join(folder, dataName(compression)), dataName(compression), context.fs);
  const entries = await writeFileHashed(join(folder, entriesName), entriesName, context.fs);
  const squeeze = await compressor(compression);
  try {
    const packed = writePacked(squeeze, data);
    packed.catch(() => undefined); // it is waited for below
    const counted = await Promise.race([writeEntries(passedOn(tar, squeeze, context), entries), failing(packed)]);
    squeeze.end();
    const files = { data: await packed, entries: await entries.end() };
    return { compression, ...counted, files };
  } catch (error) {
    throw error instanceof TarError ? new BackupError(`the volume's tar cannot be kept: ${error.message}`, { cause: error }) : error;
  } finally {
    squeeze.destroy();
    await Promise.all([data.close(), entries.close()]);
  }
}

/** Only its failure counts: that it ends well is asked for later. */
const failing = (work: Promise<unknown>): Promise<never> => new Promise((_, reject) => void work.catch(reject));

/** One chunk after the other, each as fast as the slower of the two takes it. */
async function* passedOn(tar: AsyncIterable<Uint8Array>, squeeze: Duplex, { signal, onBytes }: BackupContext): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of tar) {
    signal.throwIfAborted();
    await writeTo(squeeze, chunk);
    passed += chunk.length;
    onBytes(passed);
    yield chunk;
  }
}

async function writePacked(squeeze: Duplex, data: WrittenFile): Promise<BackupFile> {
  for await (const chunk of squeeze) await data.write(chunk as Buffer);
  return data.end();
}

/** Lines are written together. */
const batchLength = 64 * 1024;

async function writeEntries(
  tar: AsyncIterable<Uint8Array>,
  file: WrittenFile,
): Promise<Pick<Backup, 'entries' | 'tarBytes' | 'contentBytes'>> {
  let [entries, contentBytes, tarBytes, batch] = [0, 0, 0, ''];
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of tar) {
      tarBytes += chunk.length;
      yield chunk;
    }
  };
  for await (const entry of tarEntries(counted())) {
    const facts = await entryFacts(entry);
    if (facts.device !== undefined) throw new TarError(`${JSON.stringify(facts.path)} is a device, which no restore makes`);
    entries++;
    contentBytes += facts.size ?? 0;
    batch += `${entryLine(facts)}\n`;
    if (batch.length < batchLength) continue;
    await file.write(Buffer.from(batch));
    batch = '';
  }
  await file.write(Buffer.from(batch));
  return { entries, tarBytes, contentBytes };
}

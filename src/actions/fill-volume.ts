import type { RestoreSource } from '../model/restore-source.ts';
import { BackupError, type BackupStore } from '../platform/backup-store.ts';
import type { VolumeLook } from '../platform/engine.ts';
import type { World } from './define.ts';
import { passingBytes } from './passing-bytes.ts';
import { entriesOf, restoreMeasure, whyNoRoom } from './restore-room.ts';

interface Filling extends VolumeLook {
  readonly from: RestoreSource;
  /** It may be filled in part already. */
  readonly again?: true;
}

/** Fills a volume that nobody uses with a backup or a tar, and sees that it holds just that. Throws BackupError where it does not fit. */
export async function fillVolume(
  { from, again, ...look }: Filling,
  { engine, backups, signal, onProgress }: Pick<World, 'engine' | 'backups' | 'signal' | 'onProgress'>,
): Promise<void> {
  const measure = await restoreMeasure(from, backups, signal);
  const why = whyNoRoom(from, measure, await engine.volumeRoom(look, signal));
  if (why !== undefined) throw new BackupError(why);
  const onBytes = passingBytes(measure.tarBytes ?? 0, onProgress);
  await engine.fillVolume(
    {
      ...look,
      ...(again && { again }),
      tar: counted(tarOf(from, backups, signal), onBytes),
      expected: () => entriesOf(from, backups, signal),
      limits: measure.limits,
    },
    signal,
  );
}

const tarOf = (from: RestoreSource, backups: BackupStore, signal: AbortSignal): AsyncIterable<Uint8Array> =>
  from.kind === 'backup' ? backups.read(from.backup, signal) : backups.readFile(from.path, signal);

async function* counted(tar: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of tar) {
    onBytes((bytes += chunk.length));
    yield chunk;
  }
}

import type { Backup } from '../../src/model/backup.ts';
import { BackupError, type BackupStore } from '../../src/platform/backup-store.ts';

/** Backups in a variable, newest first; what they hold is the tar as it came. */
export interface MemoryBackups extends BackupStore {
  readonly kept: Backup[];
  freeBytes: number;
}

export function memoryBackups(there: readonly Backup[] = []): MemoryBackups {
  const kept: Backup[] = [...there];
  const tars = new Map(there.map(({ id }): [string, Uint8Array] => [id, new Uint8Array()]));
  let taken = 0;
  const backups: MemoryBackups = {
    kept,
    freeBytes: Number.MAX_SAFE_INTEGER,
    room: async () => backups.freeBytes,
    async take(order, fill, { onBytes }) {
      const chunks: Uint8Array[] = [];
      await fill(async (tar) => {
        for await (const chunk of tar) chunks.push(chunk);
      });
      const whole = Buffer.concat(chunks);
      onBytes(whole.length);
      const backup = memoryBackup({ ...order, id: `20261122-184501-${(taken++).toString(16).padStart(4, '0')}`, tarBytes: whole.length });
      tars.set(backup.id, whole);
      kept.unshift(backup);
      return backup;
    },
    list: async ({ engine, stack }) => kept.filter((each) => each.engine === engine && each.stack === stack),
    async *read({ id }) {
      const tar = tars.get(id);
      if (!tar) throw new BackupError(`there is no backup ${id}`);
      yield tar;
    },
    async *entries() {
      // nothing is in them
    },
    async *readFile(path) {
      throw new BackupError(`there is no file ${path}`);
    },
    async *entriesIn() {
      // nothing is in them
    },
    verify: async ({ id }) => {
      if (!tars.has(id)) throw new BackupError(`there is no backup ${id}`);
    },
    remove: async ({ id }) => {
      kept.splice(0, kept.length, ...kept.filter((each) => each.id !== id));
      tars.delete(id);
    },
  };
  return backups;
}

/** A whole backup as it is listed. */
export function memoryBackup(more: Partial<Backup>): Backup {
  const none = { bytes: 0, sha256: '' };
  return {
    format: 1,
    id: '20261122-184501-3f2a',
    engine: 'engine-1',
    stack: 'shop',
    volume: 'shop_data',
    driver: 'local',
    quiet: 'stopped',
    takenAt: '2026-11-22T18:45:01.000Z',
    by: { user: 'ann', host: 'build-7', pid: 812 },
    stackctl: '0.1.0',
    run: 'aaaaaaaaaaaa',
    images: {},
    compression: 'zstd',
    entries: 1,
    tarBytes: 1024,
    contentBytes: 0,
    files: { data: { name: 'data.tar.zst', ...none }, entries: { name: 'entries.jsonl', ...none } },
    ...more,
  };
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileBackupStore } from '../../src/adapters/file-backup-store.ts';
import { nodeFs, type Fs } from '../../src/adapters/fs.ts';
import type { Backup, BackupOrder } from '../../src/model/backup.ts';
import { BackupError, type BackupStore } from '../../src/platform/backup-store.ts';
import { inPieces, rawTar } from '../kit/tar-texts.ts';

const order: BackupOrder = {
  engine: 'AB:CD',
  stack: 'shop',
  volume: 'shop_data',
  driver: 'local',
  quiet: 'stopped',
  run: 'aaaaaaaaaaaa',
  images: { 'db:1': { id: 'sha256:1', digests: [] } },
};
const by = { user: 'ann', host: 'build-7', pid: 812 };
const tar = rawTar([
  { name: './', flag: '5', mode: 0o750, uid: 999, gid: 999 },
  { name: './base', content: Buffer.from('hello '.repeat(50_000)) },
  { name: Buffer.from([0x2e, 0x2f, 0xff]), flag: '2', link: 'nowhere' },
]);
const context = { signal: new AbortController().signal, onBytes: () => undefined };

let stateDir: string;
let store: BackupStore;
const volumes = (): string => join(stateDir, 'backups', 'ABCD', 'shop', 'shop_data');
const storeOn = (fs: Fs = nodeFs): BackupStore =>
  fileBackupStore(stateDir, { originOf: async () => ({ by, stackctl: '1', revision: 7 }), fs });
const take = (bytes = tar, on = store): Promise<Backup> => on.take(order, (write) => write(inPieces(bytes, 5_000)), context);
const textOf = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
};

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'backups-'));
  store = storeOn();
});
afterEach(() => rmSync(stateDir, { recursive: true }));

describe('a backup', () => {
  it('comes back as it was, and says what it is', async () => {
    const backup = await take();
    expect(backup).toMatchObject({ ...order, by, revision: 7, entries: 3, tarBytes: tar.length, contentBytes: 300_000 });
    expect(await store.list(order)).toEqual([backup]);
    expect(await textOf(store.read(backup, context.signal))).toEqual(tar);
    const paths: unknown[] = [];
    for await (const { path } of store.entries(backup, context.signal)) paths.push(path);
    expect(paths).toEqual(['.', 'base', { base64: '/w==' }]);
    await store.verify(backup, context);
  });

  it('is for its owner alone', async () => {
    const { id } = await take();
    for (let folder = join(volumes(), id); folder !== stateDir; folder = join(folder, '..'))
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(volumes(), id))) expect(statSync(join(volumes(), id, name)).mode & 0o777).toBe(0o600);
  });

  it('of two the newer one comes first', async () => {
    const [one, two] = [await take(), await take()];
    expect((await store.list(order)).map(({ id }) => id)).toEqual([two.id, one.id]);
  });

  it('that is removed is gone', async () => {
    const backup = await take();
    await store.remove(backup);
    expect(await store.list(order)).toEqual([]);
    expect(readdirSync(volumes())).toEqual([]);
  });
});

describe('what is not whole is no backup', () => {
  it('of a tar that breaks off, a helper that fails, or nobody who reads, nothing is left', async () => {
    await expect(take(tar.subarray(0, 900))).rejects.toThrow("the volume's tar cannot be kept: it breaks off before its end");
    const failing = store.take(order, (write) => write(inPieces(tar, 500)).then(() => Promise.reject(new Error('exit 2'))), context);
    await expect(failing).rejects.toThrow('exit 2');
    await expect(store.take(order, async () => undefined, context)).rejects.toBeInstanceOf(BackupError);
    const withDevice = rawTar([{ name: './null', flag: '3', device: [1, 3] }]);
    await expect(take(withDevice)).rejects.toThrow('the volume\'s tar cannot be kept: "null" is a device, which no restore makes');
    expect(readdirSync(volumes())).toEqual([]);
  });

  it('what a dead run left is not listed, and the next backup takes it away', async () => {
    mkdirSync(join(volumes(), '20260101-000000-aaaa'), { recursive: true });
    writeFileSync(join(volumes(), '20260101-000000-aaaa', 'data.tar.zst'), 'half');
    expect(await store.list(order)).toEqual([]);
    const { id } = await take();
    expect(readdirSync(volumes())).toEqual([id]);
  });

  it('a disk that is full, at whichever write or sync', async () => {
    await store.remove(await take()); // its folders are there from now on
    const reached = await count();
    expect(reached).toBeGreaterThan(8);
    for (let at = 1; at <= reached; at++) {
      await expect(take(tar, storeOn(failingAt(at))), `call ${at}`).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await store.list(order), `call ${at}`).toEqual([]);
    }
  });

  it('an interruption in the middle', async () => {
    const stop = new AbortController();
    const fill = (write: (bytes: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> => write(inPieces(tar, 500));
    const taking = store.take(order, fill, { signal: stop.signal, onBytes: (bytes) => bytes > 100_000 && stop.abort() });
    await expect(taking).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(volumes())).toEqual([]);
  });
});

it('a byte that changes anywhere is found', async () => {
  const { id } = await take(rawTar([{ name: './a', content: Buffer.from('abc') }]));
  for (const name of readdirSync(join(volumes(), id))) {
    const path = join(volumes(), id, name);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += name === 'manifest.json' ? 1 : 3) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x04;
      writeFileSync(path, damaged);
      await expect(found(), `${name} at ${at}`).rejects.toBeInstanceOf(BackupError);
    }
    writeFileSync(path, whole);
    writeFileSync(path, whole.subarray(0, -1));
    await expect(found()).rejects.toBeInstanceOf(BackupError);
    writeFileSync(path, whole);
  }
  await found();
});

/** Throws what listing or verifying says. */
async function found(): Promise<void> {
  const [backup] = await store.list(order);
  if (!backup) throw new Error('it is not listed');
  if ('damaged' in backup) throw new BackupError(backup.damaged);
  await store.verify(backup, context);
}

/** The file system with a disk that is full at the n-th call that needs room. */
function failingAt(at: number, counted: { calls: number } = { calls: 0 }): Fs {
  const full = (): void => {
    if (++counted.calls === at) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  return {
    ...nodeFs,
    open: async (path, flags, mode) => {
      const file = await nodeFs.open(path, flags, mode);
      return {
        readFile: () => file.readFile(),
        truncate: (length) => file.truncate(length),
        datasync: () => file.datasync(),
        stat: () => file.stat(),
        close: () => file.close(),
        writeFile: async (data) => {
          full();
          await file.writeFile(data);
        },
        write: async (bytes, from, length, position) => {
          full();
          return file.write(bytes, from, length, position);
        },
        sync: async () => {
          full();
          await file.sync();
        },
      };
    },
  };
}

/** How many such calls a backup makes. */
async function count(): Promise<number> {
  const counted = { calls: 0 };
  await store.remove(await take(tar, storeOn(failingAt(Infinity, counted))));
  return counted.calls;
}

import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Compression } from '../model/backup.ts';
import { once } from '../lib/once.ts';
import { BackupError } from '../platform/backup-store.ts';

/** Node has zstd from 22.15 on. */
const nodeZstd = zlib as unknown as {
  readonly createZstdCompress?: (options: object) => Duplex;
  readonly createZstdDecompress?: () => Duplex;
};

const systemHasZstd = once(async (): Promise<boolean> => {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const { failed } = await execa('zstd', ['--version'], { reject: false, stdin: 'ignore' });
  return !failed;
});

/** The best that is there: zstd of the system or of Node, else gzip. */
export const chooseCompression = async (): Promise<Compression> =>
  (await systemHasZstd()) || nodeZstd.createZstdCompress ? 'zstd' : 'gzip';

/** Its speed counts more than its size: services stand still meanwhile. */
export async function compressor(compression: Compression): Promise<Duplex> {
  if (compression === 'gzip') return zlib.createGzip({ level: 1 });
  if (await systemHasZstd()) return zstd(['--quiet', '-1', '--stdout']);
  if (nodeZstd.createZstdCompress) return nodeZstd.createZstdCompress({ params: { [compressionLevel]: 1 } });
  throw noZstd();
}

/** ZSTD_c_compressionLevel */
const compressionLevel = 100;

export async function decompressor(compression: Compression): Promise<Duplex> {
  if (compression === 'gzip') return zlib.createGunzip();
  if (await systemHasZstd()) return zstd(['--quiet', '--decompress', '--stdout']);
  if (nodeZstd.createZstdDecompress) return nodeZstd.createZstdDecompress();
  throw noZstd();
}

async function zstd(words: readonly string[]): Promise<Duplex> {
  const { execa } = await import('execa');
  return execa('zstd', words, { buffer: false, stderr: 'ignore' }).duplex();
}

const noZstd = (): BackupError =>
  new BackupError('it is compressed with zstd: install that program, or run stackctl on Node 22.15 or newer');

/** How the data file of a backup is called. */
export const dataName = (compression: Compression): string => (compression === 'zstd' ? 'data.tar.zst' : 'data.tar.gz');

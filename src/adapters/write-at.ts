import type { OpenFile } from './fs.ts';

/** Writes all of it there; where it ends. */
export async function writeAt(file: OpenFile, bytes: Buffer, at: number): Promise<number> {
  for (let from = 0; from < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, from, bytes.length - from, at + from);
    from += bytesWritten;
  }
  return at + bytes.length;
}

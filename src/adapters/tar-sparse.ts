import type { ByteReader } from '../lib/byte-reader.ts';
import { TarError } from './tar-error.ts';
import { blockBytes } from './tar-header.ts';
import { paxCount, type PaxRecords } from './tar-pax.ts';

/** Where stored content belongs in a file; all else of it is a hole. */
export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

interface SparseMap {
  readonly extents: readonly Extent[];
  /** Bytes of the entry's content that the map itself takes. */
  readonly mapBytes: number;
}

/** More than a file has; each costs memory. */
const mostExtents = 1_000_000;

/** Whether it is a file with holes. Throws TarError for the forms that GNU tar wrote before 1.16. */
export function isSparse(records: PaxRecords): boolean {
  if (![...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) return false;
  const version = `${paxCount(records, 'GNU.sparse.major') ?? 0}.${paxCount(records, 'GNU.sparse.minor') ?? 0}`;
  if (version !== '1.0') throw new TarError(`a file with holes is written in form ${version}, which is not known`);
  return true;
}

/** Reads the map before its content: how many extents, and where each begins and how long it is, one number a line, up to a whole block. */
export async function readSparseMap(
  bytes: ByteReader,
  { stored, size }: { readonly stored: number; readonly size: number },
): Promise<SparseMap> {
  const lines = linesOf(bytes, stored);
  const count = await lines.next();
  if (count > mostExtents) throw new TarError('a file has more holes than can be read');
  const extents: Extent[] = [];
  let [end, data] = [0, 0];
  for (let i = 0; i < count; i++) {
    const [at, length] = [await lines.next(), await lines.next()];
    if (at < end || at + length > size) throw damaged();
    if (length > 0) extents.push({ at, bytes: length });
    [end, data] = [at + length, data + length];
  }
  if (lines.read() + data !== stored) throw damaged();
  return { extents, mapBytes: lines.read() };
}

const damaged = (): TarError => new TarError('the map of a file with holes is damaged');

interface Lines {
  next(): Promise<number>;
  /** How many bytes were read for them, whole blocks. */
  read(): number;
}

function linesOf(bytes: ByteReader, most: number): Lines {
  let text = '';
  let read = 0;
  const next = async (): Promise<number> => {
    let end = text.indexOf('\n');
    while (end < 0) {
      if (read + blockBytes > most || text.length > 20) throw damaged();
      const block = await bytes.take(blockBytes);
      if (block.length < blockBytes) throw damaged();
      read += blockBytes;
      text += block.toString('latin1');
      end = text.indexOf('\n');
    }
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    if (!/^\d{1,15}$/.test(line)) throw damaged();
    return Number(line);
  };
  return { next, read: () => read };
}

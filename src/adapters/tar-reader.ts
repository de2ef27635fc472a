import { Readable } from 'node:stream';
import { byteReader, type ByteReader } from '../lib/byte-reader.ts';
import { keepYoungHeapSmall } from './keep-young-heap-small.ts';
import { TarError } from './tar-error.ts';
import { blockBytes, readHeader, type TarHeader } from './tar-header.ts';
import { paxCount, paxName, paxTime, readPax, type PaxRecords } from './tar-pax.ts';
import { isSparse, readSparseMap, type Extent } from './tar-sparse.ts';

export type EntryKind = 'file' | 'hard-link' | 'symlink' | 'char-device' | 'block-device' | 'folder' | 'fifo';

/** One entry of a tar that is read as it comes. */
export interface ReadEntry {
  /** As written; without slashes behind it. Names need not be UTF-8. */
  readonly name: Buffer;
  /** Its name as text. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  /** Of a file, as a program reads it; else 0. */
  readonly size: number;
  /** Of a symlink where it points, as written; of a hard link the entry that it is the same file as. */
  readonly link?: Buffer;
  /** Of a device. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** What its extended headers say, such as "SCHILY.xattr.user.note". */
  readonly records: PaxRecords;
  /** Where its content belongs: one stretch, but of a file with holes. */
  readonly extents: readonly Extent[];
  /** What is stored of it; what is not read of it is skipped. */
  readonly content: AsyncIterable<Buffer>;
}

const kinds: { readonly [flag: string]: EntryKind } = {
  0: 'file',
  1: 'hard-link',
  2: 'symlink',
  3: 'char-device',
  4: 'block-device',
  5: 'folder',
  6: 'fifo',
  7: 'file', // contiguous: no system has them
};

/** More than the names and extended attributes of one file can have. */
const mostRecords = 16 * 1024 * 1024;

/** The content of each file stands behind its header, or was left out of the tar: then there is none of it. */
export type TarContent = 'there' | 'left-out';

/**
 * The entries of a tar (ustar, pax, GNU's long names and sparse form 1.0), each to be used before the next one is asked for. Throws
 * TarError at the first thing that is not as it must be, at an end that comes too soon, and at anything behind its end.
 */
export async function* tarEntries(source: AsyncIterable<Uint8Array>, content: TarContent = 'there'): AsyncGenerator<ReadEntry> {
  keepYoungHeapSmall();
  const bytes = byteReader(source);
  try {
    yield* entriesIn(bytes, content);
  } finally {
    await bytes.end();
  }
}

/** What was said before an entry about it. */
interface Said {
  readonly records: PaxRecords;
  readonly longName?: Buffer;
  readonly longLink?: Buffer;
}

async function* entriesIn(bytes: ByteReader, content: TarContent): AsyncGenerator<ReadEntry> {
  let forAll: PaxRecords = new Map();
  let said: Said = { records: new Map() };
  for (let head = await headOf(bytes); head; head = await headOf(bytes)) {
    switch (head.flag) {
      case 'g':
        forAll = merged(forAll, readPax(await recordOf(bytes, head)));
        break;
      case 'x':
        said = { ...said, records: merged(said.records, readPax(await recordOf(bytes, head))) };
        break;
      case 'L':
        said = { ...said, longName: gnuName(await recordOf(bytes, head)) };
        break;
      case 'K':
        said = { ...said, longLink: gnuName(await recordOf(bytes, head)) };
        break;
      default: {
        const about = { ...said, records: merged(forAll, said.records) };
        const { entry, pass } = content === 'there' ? await entryOf(bytes, head, about) : bareEntry(head, about);
        yield entry;
        await pass();
        said = { records: new Map() };
      }
    }
  }
  if (said.records.size > 0 || said.longName || said.longLink) throw new TarError('it ends where an entry is announced');
}

const merged = (records: PaxRecords, more: PaxRecords): PaxRecords => new Map([...records, ...more]);

/** The next header; undefined at the end, which is two blocks of zeros and nothing else behind them. */
async function headOf(bytes: ByteReader): Promise<TarHeader | undefined> {
  const head = await bytes.take(blockBytes);
  if (head.length < blockBytes) throw brokenOff();
  if (head[0] !== 0 || !isZero(head)) return readHeader(head);
  const second = await bytes.take(blockBytes);
  if (second.length < blockBytes) throw brokenOff();
  if (!isZero(second)) throw new TarError('something stands behind its end');
  for await (const more of bytes.upTo(Number.MAX_SAFE_INTEGER).chunks())
    if (!isZero(more)) throw new TarError('something stands behind its end');
  return undefined;
}

const brokenOff = (): TarError => new TarError('it breaks off before its end');

const zeros = Buffer.alloc(64 * 1024);
const isZero = (bytes: Buffer): boolean =>
  bytes.length <= zeros.length
    ? zeros.subarray(0, bytes.length).equals(bytes)
    : isZero(bytes.subarray(0, zeros.length)) && isZero(bytes.subarray(zeros.length));

const paddingOf = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes;

async function recordOf(bytes: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > mostRecords) throw new TarError('an extended header is larger than any can be');
  const whole = await bytes.take(size + paddingOf(size));
  if (whole.length < size + paddingOf(size)) throw brokenOff();
  return whole.subarray(0, size);
}

/** GNU's long names end with a NUL. */
function gnuName(record: Buffer): Buffer {
  const end = record.indexOf(0);
  const name = end < 0 ? record : record.subarray(0, end);
  if (name.length === 0) throw new TarError('a long name is empty');
  return name;
}

interface OpenEntry {
  readonly entry: ReadEntry;
  /** Skips what nobody read of it. */
  readonly pass: () => Promise<void>;
}

async function entryOf(bytes: ByteReader, head: TarHeader, said: Said): Promise<OpenEntry> {
  const { size, stored, sparse, ...facts } = sizedFacts(head, said);
  const { extents, mapBytes } = sparse ? await readSparseMap(bytes, { stored, size }) : { extents: inOnePiece(size), mapBytes: 0 };
  const content = bytes.upTo(stored - mapBytes);
  const entry = { ...facts, size, extents, content: { [Symbol.asyncIterator]: () => content.chunks() } };
  const pass = async (): Promise<void> => {
    const missing = (await content.drop()) + (await bytes.upTo(paddingOf(stored)).drop());
    if (missing > 0) throw brokenOff();
  };
  return { entry, pass };
}

/** Of a tar whose content was left out. */
function bareEntry(head: TarHeader, said: Said): OpenEntry {
  const { stored: _stored, sparse: _sparse, ...facts } = sizedFacts(head, said);
  return { entry: { ...facts, extents: inOnePiece(facts.size), content: Readable.from([]) }, pass: () => Promise.resolve() };
}

const inOnePiece = (size: number): Extent[] => (size > 0 ? [{ at: 0, bytes: size }] : []);

type Facts = Omit<ReadEntry, 'size' | 'extents' | 'content'>;

/** With how large a file is, how much of it is stored, and whether a map of its holes comes first. */
function sizedFacts(head: TarHeader, said: Said): Facts & { readonly size: number; readonly stored: number; readonly sparse: boolean } {
  const stored = paxCount(said.records, 'size') ?? head.size;
  const facts = factsOf(head, said);
  if (facts.kind !== 'file' && stored > 0) throw new TarError(`a ${facts.kind} of it has content`);
  const sparse = facts.kind === 'file' && isSparse(said.records);
  const size = sparse ? paxCount(said.records, 'GNU.sparse.realsize') : stored;
  if (size === undefined) throw new TarError('a file with holes does not say how large it is');
  return { ...facts, size, stored, sparse };
}

function factsOf(head: TarHeader, { records, longName, longLink }: Said): Omit<ReadEntry, 'size' | 'extents' | 'content'> {
  const written = paxName(records, 'GNU.sparse.name') ?? paxName(records, 'path') ?? longName ?? head.name;
  if (written.length === 0) throw new TarError('an entry of it has no name');
  const name = withoutSlashes(written);
  const kind = head.flag === '0' && name.length < written.length ? 'folder' : kinds[head.flag];
  if (!kind) throw new TarError(`an entry of it is of the kind ${JSON.stringify(head.flag)}, which is not known`);
  const link = paxName(records, 'linkpath') ?? longLink ?? head.link;
  const isLink = kind === 'symlink' || kind === 'hard-link';
  if (isLink && link.length === 0) throw new TarError(`a ${kind} of it points nowhere`);
  return {
    name,
    path: name.toString(),
    kind,
    mode: head.mode,
    uid: paxCount(records, 'uid') ?? head.uid,
    gid: paxCount(records, 'gid') ?? head.gid,
    modifiedNs: paxTime(records, 'mtime') ?? BigInt(head.modified) * 1_000_000_000n,
    ...(isLink && { link }),
    ...((kind === 'char-device' || kind === 'block-device') && { device: head.device }),
    records,
  };
}

/** "/" stays. */
function withoutSlashes(name: Buffer): Buffer {
  let end = name.length;
  while (end > 1 && name[end - 1] === 0x2f) end--;
  return name.subarray(0, end);
}

/** The chunks of a stream, which is destroyed when nobody reads on. */
export async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}

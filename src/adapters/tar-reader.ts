/** One entry of a tar that is read as it comes. */
export interface ReadEntry {
  readonly path: string;
  /** Its content; what is not read of it is skipped. */
  readonly content: AsyncIterable<Buffer>;
  readonly isFile: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const block = 512;
/** Names longer than any file system takes. */
const longestName = 64 * 1024;

/** The entries of a tar (ustar, pax and GNU long names), each to be used before the next one is asked for. Ends where the tar breaks off. */
export async function* tarEntries(source: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const bytes = byteReader(source);
  try {
    yield* entriesIn(bytes);
  } finally {
    await bytes.end();
  }
}

async function* entriesIn(bytes: ByteReader): AsyncGenerator<ReadEntry> {
  let longName: string | undefined;
  for (let head = await bytes.take(block); head.length === block && head[0] !== 0; head = await bytes.take(block)) {
    const size = sizeOf(head);
    const flag = String.fromCharCode(head[156] ?? 0);
    const padded = Math.ceil(size / block) * block;
    if ((flag === 'x' || flag === 'L') && size <= longestName) {
      const record = (await bytes.take(padded)).subarray(0, size).toString();
      longName = flag === 'L' ? record.replace(/\0.*$/s, '') : (/^\d+ path=(.*)$/m.exec(record)?.[1] ?? longName);
      continue;
    }
    const content = bytes.upTo(size);
    const [mode, uid, gid] = [octalAt(head, 100) & 0o7777, octalAt(head, 108), octalAt(head, 116)];
    yield { path: longName ?? nameOf(head), content: content.chunks(), isFile: flag === '0' || flag === '\0', mode, uid, gid };
    longName = undefined;
    await content.drop();
    await bytes.upTo(padded - size).drop();
  }
}

const textAt = (head: Buffer, from: number, length: number): string =>
  head
    .subarray(from, from + length)
    .toString()
    .replace(/\0.*$/s, '');

const octalAt = (head: Buffer, from: number): number => Number.parseInt(textAt(head, from, 8).trim() || '0', 8);

function nameOf(head: Buffer): string {
  const prefix = head.toString('latin1', 257, 262) === 'ustar' ? textAt(head, 345, 155) : '';
  return prefix === '' ? textAt(head, 0, 100) : `${prefix}/${textAt(head, 0, 100)}`;
}

/** Octal digits, or GNU's binary form for what is too large for them. */
function sizeOf(head: Buffer): number {
  if (((head[124] ?? 0) & 0x80) !== 0) return Number(head.readBigUInt64BE(128));
  return Number.parseInt(textAt(head, 124, 12).trim() || '0', 8);
}

interface Stretch {
  chunks(): AsyncGenerator<Buffer>;
  /** Skips what is left of it. */
  drop(): Promise<void>;
}

interface ByteReader {
  /** That many bytes, or fewer where the source ends. */
  take(count: number): Promise<Buffer>;
  upTo(count: number): Stretch;
  /** Nobody reads on. */
  end(): Promise<void>;
}

function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  /** At most that many bytes; none at the end. */
  const some = async (most: number): Promise<Buffer> => {
    if (held.length === 0) {
      const next = await iterator.next();
      held = next.done === true ? Buffer.alloc(0) : Buffer.from(next.value);
    }
    const part = held.subarray(0, most);
    held = held.subarray(part.length);
    return part;
  };
  const stretch = (count: number): Stretch => {
    let left = count;
    const chunks = async function* (): AsyncGenerator<Buffer> {
      while (left > 0) {
        const part = await some(left);
        if (part.length === 0) return;
        left -= part.length;
        yield part;
      }
    };
    return {
      chunks,
      drop: async () => {
        for await (const _part of chunks());
      },
    };
  };
  const take = async (count: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of stretch(count).chunks()) parts.push(part);
    return Buffer.concat(parts);
  };
  const end = async (): Promise<void> => void (await iterator.return?.());
  return { take, upTo: stretch, end };
}

/** The chunks of a stream, which is destroyed when nobody reads on. */
export async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}

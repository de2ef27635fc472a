/** Bytes that come in chunks of any size, read in the sizes that a format has. */
export interface ByteReader {
  /** That many bytes, or fewer where the source ends. */
  take(count: number): Promise<Buffer>;
  /** The next so many bytes as they come; fewer where the source ends. */
  upTo(count: number): ByteStretch;
  /** Nobody reads on. */
  end(): Promise<void>;
}

export interface ByteStretch {
  chunks(): AsyncGenerator<Buffer>;
  /** Skips what is left of it; how many bytes of it never came. */
  drop(): Promise<number>;
}

export function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  /** At most that many bytes; none at the end. */
  const some = async (most: number): Promise<Buffer> => {
    while (most > 0 && held.length === 0) {
      const next = await iterator.next();
      if (next.done === true) break;
      held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const part = held.subarray(0, most);
    held = held.subarray(part.length);
    return part;
  };
  const upTo = (count: number): ByteStretch => {
    let left = count;
    const next = async (): Promise<Buffer> => {
      const part = await some(left);
      left -= part.length;
      return part;
    };
    const chunks = async function* (): AsyncGenerator<Buffer> {
      for (let part = await next(); part.length > 0; part = await next()) yield part;
    };
    const drop = async (): Promise<number> => {
      while (left > 0 && (await next()).length > 0);
      return left;
    };
    return { chunks, drop };
  };
  // No generator for a header and a small file, of which there are a hundred thousand
  const take = async (count: number): Promise<Buffer> => {
    const first = await some(count);
    if (first.length === count || first.length === 0) return first;
    const parts = [first];
    for await (const part of upTo(count - first.length).chunks()) parts.push(part);
    return Buffer.concat(parts);
  };
  return { take, upTo, end: async () => void (await iterator.return?.()) };
}

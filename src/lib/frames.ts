/** Bytes that are no frames, or one that is too long. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

export interface Framing {
  /** Bytes before a message; the last four of them are its length, the most significant first. */
  readonly prefix: number;
  /** Bytes of the longest message that is taken. */
  readonly longest: number;
}

/** Cuts a stream of bytes into frames, each with its prefix. Throws a FrameError if one is too long, or the stream ends within one. */
export async function* framesOf(chunks: AsyncIterable<unknown>, { prefix, longest }: Framing): AsyncGenerator<Buffer, void, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new FrameError('text came instead of bytes');
    rest = Buffer.concat([rest, chunk]);
    for (let length = lengthIn(rest, prefix); length !== undefined; length = lengthIn(rest, prefix)) {
      if (length > longest) throw new FrameError('a message is too long');
      if (rest.length < prefix + length) break;
      yield rest.subarray(0, prefix + length);
      rest = rest.subarray(prefix + length);
    }
  }
  if (rest.length > 0) throw new FrameError('the bytes end within a message');
}

const lengthIn = (bytes: Buffer, prefix: number): number | undefined =>
  bytes.length < prefix ? undefined : bytes.readUInt32BE(prefix - 4);

/** A message behind its prefix, of which all but the length is zero. */
export function frameOf(message: Uint8Array, prefix: number): Buffer {
  const head = Buffer.alloc(prefix);
  head.writeUInt32BE(message.length, prefix - 4);
  return Buffer.concat([head, message]);
}
